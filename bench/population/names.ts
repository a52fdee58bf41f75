/** Where a household's names come from, and how often. */
export interface Origin {
  readonly weight: number;
  readonly given: readonly string[];
  readonly surnames: readonly string[];
  /** How often a person bears two surnames. */
  readonly twoSurnames: number;
}

const words = (text: string): string[] => text.split(',').map((word) => word.trim());

export const ORIGINS: readonly Origin[] = [
  {
    weight: 5,
    given: words(
      `James, Mary, Robert, Patricia, John, Jennifer, Michael, Linda, David, Elizabeth, William, Barbara, Richard, Susan,
      Joseph, Jessica, Thomas, Sarah, Charles, Karen, Daniel, Nancy, Matthew, Lisa, Anthony, Betty, Mark, Sandra,
      Donald, Ashley, Steven, Emily, Paul, Kimberly, Andrew, Donna, Joshua, Michelle, Kenneth, Carol, Kevin, Amanda,
      Brian, Melissa, George, Deborah, Timothy, Rebecca, Mary Ann, Jo Ellen, Anne-Marie, Zoë, Renée, D'Andre`,
    ),
    surnames: words(
      `Smith, Johnson, Williams, Brown, Jones, Miller, Davis, Wilson, Anderson, Taylor, Thomas, Moore, Jackson, Martin, Lee,
      Thompson, White, Harris, Clark, Lewis, Robinson, Walker, Young, Allen, King, Wright, Scott, Hill, Green, Adams,
      Nelson, Baker, Hall, Campbell, Mitchell, Carter, Roberts, O'Brien, O'Neill, McDonald, St. James, Van Dyke,
      De Groot, Müller, Schröder, Kowalski, Petersen, Smith-Jones, Fitzgerald, Washington`,
    ),
    twoSurnames: 0,
  },
  {
    weight: 3,
    given: words(
      `José, María, Juan, Guadalupe, Luis, Rosa, Carlos, Ana, Jorge, Carmen, Miguel, Juana, Jesús, Elena, Pedro, Teresa,
      Manuel, Leticia, Francisco, Verónica, Ramón, Yolanda, Ángel, Silvia, Raúl, Alicia, Javier, Gloria, Rubén, Marta,
      José Luis, María Elena, Juan Carlos, Ana María, Iñigo, Sofía, Martín, Inés, Óscar, Ximena`,
    ),
    surnames: words(
      `García, Rodríguez, Martínez, Hernández, López, González, Pérez, Sánchez, Ramírez, Torres, Flores, Rivera, Gómez,
      Díaz, Reyes, Morales, Cruz, Ortiz, Gutiérrez, Chávez, Ramos, Ruiz, Álvarez, Mendoza, Vásquez, Castillo, Jiménez,
      Moreno, Romero, Herrera, Medina, Aguilar, De la Cruz, De León, Del Río, Núñez, Peña, Ibáñez, Muñoz, Villaseñor`,
    ),
    twoSurnames: 0.5,
  },
  {
    weight: 1,
    given: words(
      `Wei, Minh, Jin, Anh, Hui, Linh, Yan, Thuy, Jun, Mai, Li, Hoa, Ming, Lan, Hiroshi, Yuki, Ji-woo, Min-jun, Seo-yeon,
      Priya, Arjun, Ananya, Rahul, Deepa, Vijay, Lakshmi, Sanjay, Kavita, Tuấn, Đức`,
    ),
    surnames: words(
      `Nguyễn, Trần, Lê, Phạm, Huỳnh, Chen, Wang, Li, Zhang, Liu, Yang, Huang, Wu, Kim, Park, Choi, Jung, Patel, Singh,
      Shah, Gupta, Tanaka, Suzuki, Reddy, Đặng, Võ, Lin, Cho, Kaur, Ng`,
    ),
    twoSurnames: 0,
  },
];
