import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly name?: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly type?: 'text' | 'password' | 'email' | 'search';
  readonly inputMode?: 'numeric' | 'decimal' | 'text';
  readonly isRequired?: boolean;
  readonly isCode?: boolean;
  /** More than one line. */
  readonly rows?: number;
}

/** A line to type in, with its label, a hint, and what is wrong with it. Nothing is filled in by the browser. */
export function Field(props: FieldProps) {
  const { label, value, onChange, hint, error, name, inputMode, isCode = false } = props;
  const { type = 'text', isRequired = false, rows } = props;
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      type={type}
      isRequired={isRequired}
      isInvalid={error !== undefined}
      autoComplete="off"
      validationBehavior="aria"
      {...(name && { name })}
      {...(inputMode && { inputMode })}
    >
      <Label>{label}</Label>
      {rows === undefined ? (
        <Input dir={isCode || type === 'password' ? 'ltr' : undefined} spellCheck={false} />
      ) : (
        <TextArea rows={rows} spellCheck={false} />
      )}
      {hint && <Text slot="description">{hint}</Text>}
      <FieldError>{error}</FieldError>
    </TextField>
  );
}
