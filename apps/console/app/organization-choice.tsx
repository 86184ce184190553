// For a key that is bound to no organization: whose numbers to show.
import { useQuery } from '@tanstack/react-query';
import { organizationsQuery } from '../data/queries.js';
import { useLanguage } from '../i18n/language.js';
import { Choice } from '../parts/choice.js';
import { useOrganization } from './organization.js';
import { useChangeSearch } from './search.js';

export function OrganizationChoice() {
  const { t } = useLanguage();
  const { data } = useQuery(organizationsQuery);
  const organization = useOrganization();
  const changeSearch = useChangeSearch();
  if (!data || organization === undefined) return null;
  const isListed = data.data.some(({ id }) => id === organization);
  const listed = isListed ? data.data : [{ id: organization, name: organization }, ...data.data];
  return (
    <div className="organization-choice">
      <Choice
        label={t('nav.organization')}
        options={listed.map(({ id, name }) => ({ id, text: name }))}
        value={organization}
        onChange={(org) => changeSearch({ org })}
      />
    </div>
  );
}
