// Choices: a list to pick from, and a row of two to four alternatives.
import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Label } from 'react-aria-components/Label';
import { Popover } from 'react-aria-components/Popover';
import { Select, SelectValue } from 'react-aria-components/Select';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';

export interface Option {
  readonly id: string;
  readonly text: string;
  /** A name that keeps its own direction: a model, an id. */
  readonly isName?: boolean;
}

interface ChoiceProps {
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** A select with a visible label. */
export function Choice({ label, options, value, onChange }: ChoiceProps) {
  return (
    <Select
      className="choice"
      value={value}
      onChange={(key) => key !== null && onChange(String(key))}
    >
      <Label>{label}</Label>
      <Button className="choice-button">
        <SelectValue />
        <span className="chevron" aria-hidden="true" />
      </Button>
      <Popover className="popover">
        <ListBox items={options}>
          {({ id, text, isName }) => (
            <ListBoxItem id={id} textValue={text}>
              <bdi dir={isName ? 'ltr' : undefined}>{text}</bdi>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** A few alternatives side by side; one of them always holds. */
export function Switcher({ label, options, value, onChange }: ChoiceProps) {
  return (
    <ToggleButtonGroup
      className="switcher"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [key] = keys;
        if (key !== undefined) onChange(String(key));
      }}
    >
      {options.map(({ id, text }) => (
        <ToggleButton key={id} id={id}>
          {text}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
