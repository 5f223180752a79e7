import { deskNames } from './deskNames';
import { deskScreens } from './deskScreens';
import { deskWork } from './deskWork';

/** Every text of the agents' desk. */
export const desk = { ...deskNames, ...deskWork, ...deskScreens };
