import type { FormInstance } from 'antd';
import { DeskError } from './api';
import { useDesk } from './deskContext';

/** What the service found wrong, at the fields of a form; what belongs to no field is said aloud. */
export function useFaults<Given extends object>(form: FormInstance<Given>, names: readonly (keyof Given & string)[]): (error: unknown) => void {
  const { onError } = useDesk();
  return (error) => {
    const faults = error instanceof DeskError ? Object.entries(error.fields) : [];
    const here = names.flatMap((name) => faults.filter(([field]) => field === name).map(([, told]) => ({ name, errors: told.split('\n') })));
    form.setFields(here as unknown as Parameters<typeof form.setFields>[0]);
    const [first] = here;
    if (first) form.scrollToField(first.name, { behavior: 'smooth', block: 'center' });
    if (here.length < faults.length || here.length === 0) onError(error);
  };
}
