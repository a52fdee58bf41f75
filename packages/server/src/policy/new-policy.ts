import { MATCH_TIERS } from '@blindmatch/protocol';

/** What `holder.yaml` says about the tiers: how often each confirms someone who is not on file, as measured. */
const TIERS_COMMENT = `# What a match must rest on (tiers). A change takes effect with the next build.
#   name_address_dob   name, address and date of birth. Measured on 365,276 made-up requests for people who are not on
#                      file: 7 wrong confirmations, 1.9 in 100,000 (95% interval 0.8 to 3.9). Finds 91.2% of the people
#                      who are on file at that address.
#   name_address       name and address only, for requests without a date of birth. Measured on 121,624 such requests:
#                      168 wrong confirmations, 1.4 in 1,000 (1.2 to 1.6). Finds 80.8%. Where 3.7% of all requests are for
#                      people on file, about 95.7% of the matches are right; the others confirm people who are not on file.
# Nearly all wrong confirmations without a date of birth are relatives of one name in one household, such as a father
# and his son: if only one of them is on file, nothing in name and address tells them apart. If both are, neither is
# confirmed.
# Take name_address out of the list unless the agreement asks for it and a match leads to no step against anybody before
# somebody has looked at it.`;

/** The text of `holder.yaml` for a new holder, who allows nobody yet. */
export function newPolicyText(holderName: string, maxElements: number): string {
  return `# The policy of this holder. A key that is not known is refused. A change takes effect when it is adopted, by
#   blindmatchd policy reload
# or when the daemon starts; either writes it to the log. Days are days in UTC.
# Everything that can stand here is shown, with comments, in holder.example.yaml.

# The name that requesters see.
name: ${JSON.stringify(holderName)}

# The largest number of elements (match keys and canaries) that one request may hold. It decides how many bits of a
# token the set keeps, so that a whole request has a false positive with probability at most 2^-40. A change takes
# effect with the next build.
max_elements: ${maxElements}

${TIERS_COMMENT}
answered_tiers: [${MATCH_TIERS.join(', ')}]

# The least age, in days, of the removal order behind a record; 0 asks for none. Requesters' programs keep back younger
# ones; the elements don't show it. A change takes effect with the next build.
minimum_order_age_days: 0

# The statutes and the purposes that are answered: any, or a list of texts, which a request must carry word for word.
statutes: any
purposes: any

# What a request must say beside statute and reason: purpose, tax_periods, investigators, orders (the days of the oldest
# and the newest), attestation (exactly the text given as attestation), evidence (sealed, for certifiers and auditors).
required_fields: []

# The fewest records that one request may hold.
minimum_records: 1

# Whether each request is answered at once (automatic) or waits until one of approvers has approved it (human).
approval: automatic

# Whether requesters return a sealed account of which records matched: none, optional or required. It is sealed for the
# inspector, whose name and age recipient are given as inspector.
accounting: none

# Who may ask. blindmatchd allow adds to this list:
#   - name: Requesting Agency
#     required_signatures: 1 of role official
#     caps:
#       records_per_request: 1000000
#     officials:
#       - public_key: MCowBQYDK2VwAyEA...   # Ed25519, SPKI, base64
requesters: []

# The last line, by which a file that was cut off is told from a whole one.
...
`;
}
