import { deskAccount } from './deskAccount';
import { deskNames } from './deskNames';
import { deskPromises } from './deskPromises';
import { deskScreens } from './deskScreens';
import { deskWork } from './deskWork';

/** Every text of the agents' desk. */
export const desk = { ...deskNames, ...deskWork, ...deskScreens, ...deskAccount, ...deskPromises };
