import { Button, Input } from 'antd';

interface Props {
  choices: readonly string[];
  maxLength: number;
  /** Given by the form's item. */
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
  'data-testid'?: string;
}

/** Usual words at one press, or one's own. */
export function ChoiceInput({ choices, value = '', onChange, ...input }: Props) {
  return (
    <>
      <Input {...input} value={value} onChange={(event) => onChange?.(event.target.value)} />
      <span className="desk-choices">
        {choices.map((choice) => (
          <Button key={choice} size="small" type={choice === value ? 'primary' : 'default'} aria-pressed={choice === value} onClick={() => onChange?.(choice)}>{choice}</Button>
        ))}
      </span>
    </>
  );
}
