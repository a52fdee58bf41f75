import { ordinal } from './address-words.ts';
import { readNames } from './shares.ts';

const COMMON =
  readNames(`Main, Park, Oak, Pine, Maple, Cedar, Elm, View, Washington, Lake, Hill, Walnut, Spring, North, Ridge, Lincoln, Church, Willow, Mill, Sunset, Railroad, Jackson, Cherry, West, South, Center, Highland,
  Johnson, Forest, Jefferson, Hickory, River, Wilson, Meadow, Adams, Dogwood, Franklin, Chestnut, Spruce, Madison, Birch, Valley, Broadway, Grant, Smith, Davis, Williams, Miller, Monroe, Harrison, Magnolia, Poplar, Sycamore, Locust, Ash,
  Beech, Holly, Laurel, Juniper, Aspen, Cottonwood, Cypress, Mesquite, Palm, Peach, Pecan, Sherman, Cleveland, Taylor, Clark, Wood, Prospect, Pleasant, Summit, College, School, Court, Market, Water, Front, Canal, Bridge, Mulberry, Vine,
  Grove, Orchard, Garden, Rose, Violet, Lilac, Robin, Cardinal, Eagle, Hawk, Deer, Fox, Bear, Elk, Turkey, Quail, Pheasant, Sandy, Rocky, Stone, Granite, Marble, Crystal, Silver, Gold, Copper, Diamond, Ruby, Pearl, Liberty, Union, Freedom,
  Independence, Victory, Heritage, Colonial, Pioneer, Frontier, Ranch, Farm, Country Club, Golf, Airport, Industrial, Commerce, Enterprise, Industry, Hospital, University, Cemetery, Depot, Station, Ferry, Harbor, Bay, Ocean, Beach, Island,
  Florida, Texas, Virginia, Georgia, Carolina, Ohio, Michigan, Kentucky, Tennessee, Delaware, Pennsylvania, New York, Massachusetts, Oregon, Nevada, Dakota, Kansas, Cambridge, Oxford, Windsor, Devonshire, Sherwood, Nottingham, Canterbury,
  Martin Luther King, Cesar Chavez, Rosa Parks, Kennedy, Roosevelt, Eisenhower, MacArthur, Douglas, Hamilton, Houston, Austin, Crockett, Lee, Custer, Columbus, Lafayette, Marshall, Webster, Fulton, Wayne, Warren, Perry, Pierce, Polk, Tyler, Garfield,
  Saint Charles, Saint Louis, Saint Marys, Saint John, Saint Clair, Saint Paul, Mount Vernon, Mount Pleasant, Mount Zion, Mount Olive, Fort Hill, Fort Worth, O'Neal, Miller's Run, Bishop's Gate, D'Arcy, Old Mill, Old Post, Old Stage, Deer Run,
  Four Winds, Seven Oaks, Three Rivers, Five Points, Two Notch, Ten Mile, Twin Lakes, Turkey Trot, Lover's Leap, Sand Hill, Rock Springs, Buffalo Gap, Stagecoach, Timber, Turnberry, Whispering Pines, Rolling Hills, Shady Grove, Hidden Valley,
  Stone Bridge, Briar Patch, Brookside, Creekside, Hillcrest, Hillside, Lakeview, Parkview, Riverview, Woodland, Woodlawn, Fairview, Fairway, Glenwood, Greenwood, Maplewood, Oakwood, Pinehurst, Ridgewood, Rosewood, Sherwood Forest, Wildwood, Winding Way`);

const SPANISH =
  readNames(`El Camino Real, La Paz, Santa Fe, Santa Clara, San Pedro, San Juan, San Antonio, Los Robles, Las Flores, Las Palmas, La Loma, Del Mar, Del Norte, Vista Grande, Buena Vista, Monte Vista, Loma Linda, Palo Verde, Rio Grande, Rancho Vista, Mira Loma, Casa Blanca, Sierra Vista,
  Camino Del Sol, Via Montoya, Calle Del Estribo, Paseo Del Norte, Avenida Del Rey, Los Olivos, Alameda, Encino, Mariposa, Paloma, Zapata, Hidalgo, Juarez, Guadalupe, Dolores, Esperanza, Valencia, Sevilla, Granada, Cordova, Durango, Sonora, Laredo, Cortez, Ponce De Leon, De Soto, Rio Vista`);

const PR_CALLES =
  readNames(`Calle Luna, Calle Sol, Calle Las Flores, Calle Almendro, Calle Roble, Calle Flamboyán, Calle Ceiba, Calle Muñoz Rivera, Calle Baldorioty, Calle San Juan, Calle San Francisco, Calle Betances, Calle Palma Real, Calle Amapola, Calle Orquídea, Calle Girasol, Calle Rubí, Calle Zafiro, Calle Marginal, Calle Principal,
  Calle Tulipán, Calle Violeta, Calle Jazmín, Calle Acacia, Calle Guayacán, Calle Cedro, Calle Laurel, Calle Yagrumo, Calle Coral, Calle Delfín, Calle Gaviota, Calle Ruiseñor, Calle Reina, Calle Victoria, Calle Atenas, Calle Génova, Calle Lisboa, Calle París, Calle Turquesa, Calle Ámbar`);

/** Names of urbanizaciones of Puerto Rico. */
export const URBANIZATIONS: readonly string[] =
  readNames(`Las Lomas, Villa Carolina, Valle Arriba Heights, Santa Rosa, Río Piedras Heights, Los Ángeles, Country Club, Levittown Lakes, Monte Verde, Jardines de Caparra, Villa Fontana, El Paraíso, La Riviera, Bello Monte, Las Américas, Parque Ecuestre, Sabana Gardens, Royal Town, Alturas de Flamboyán, Santa Juanita,
  Villa del Carmen, Los Caobos, Glenview Gardens, Jardines Fagot, Bairoa Park, Villa Nevárez, Puerto Nuevo, San Gerardo, El Comandante, Loíza Valley`);

const FIRSTS = readNames(
  `Autumn, Blue, Briar, Cold, Copper, Coyote, Crooked, Eagle, Falling, Fern, Flint, Fox, Frost, Golden, Harvest, Hidden, Honey, Hunters, Indian, Iron, Ivy, Lone, Long, Misty, Mossy, Quail, Quiet, Rabbit, Raven, Red, Royal, Sand, Shadow, Sleepy, Snow, Swan, Timber, Walnut, White, Wild`,
);
const SECONDS = readNames(
  `Acre, Bluff, Branch, Brook, Canyon, Cliff, Creek, Dale, Fall, Field, Fork, Gate, Harbor, Hollow, Knoll, Lake, Leaf, Meadow, Mesa, Mill, Moss, Oak, Peak, Pine, Pond, Ridge, River, Rock, Stone, Trail, Tree, Water, Wind`,
);
const LETTERS = Array.from('ABCDEFGHKLMPRT');

const ORDINALS = Array.from({ length: 110 }, (_, index) => ordinal(index + 1));

/** Names that streets all over the country have. */
export const USUAL_NAMES: readonly string[] = [...new Set([...COMMON, ...ORDINALS, ...SPANISH, ...LETTERS])];
/** Names as developers make them up; none is a usual one, however they are abbreviated. */
export const MADE_UP_NAMES: readonly string[] = FIRSTS.flatMap((first) =>
  SECONDS.map((second) => `${first} ${second}`),
);

/** Numbered streets, which the Queens of New York are full of. */
export const NUMBERED_STREETS: readonly string[] = ORDINALS;

/** Streets of Puerto Rico; beyond the names they are numbered. */
export function puertoRicanStreet(index: number): string {
  const name = PR_CALLES[index];
  return name ?? `Calle ${index - PR_CALLES.length + 1}`;
}
