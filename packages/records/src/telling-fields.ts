/** Fields that say something only where they differ from another. */
const OTHER_FIELD: Readonly<Record<string, string>> = {
  first_name: 'given_name',
  own_name: 'first_name',
  first_surname: 'surname',
  street_beginning: 'street',
  street_end: 'street_beginning',
};

/** The canonical fields that tell a reader something: those that have a value and don't repeat another's. */
export function tellingFields(fields: Readonly<Record<string, string>>): (readonly [string, string])[] {
  return Object.entries(fields).filter(([name, value]) => {
    const other = OTHER_FIELD[name];
    return value !== '' && (other === undefined || value !== fields[other]);
  });
}
