// Approximate shares per 10,000 bearers among Hispanic residents of the United States, rounded.
import type { GivenCohort } from './tables.ts';

export const HISPANIC_GIVEN: readonly GivenCohort[] = [
  {
    until: 1979,
    male: `José 420, Juan 310, Luis 190, Carlos 180, Manuel 160, Jesús 150, Francisco 140, Antonio 130, Jorge 120, Miguel 115, Pedro 110, Roberto 95, Ramón 90, Rafael 85,
      José Luis 80, Ricardo, Fernando, Raúl, Alberto, Mario, Arturo, Juan Carlos, Javier, Enrique, Víctor, Martín, Salvador, Héctor, Alejandro, Julio, Guadalupe, Armando,
      Eduardo, Óscar, Rubén, Sergio, Alfredo, Ángel, Gerardo, Daniel, David, José Antonio, Luis Alberto, Miguel Ángel, Marco Antonio, Víctor Manuel, Jesús María, Ernesto,
      Gilberto, Domingo, Andrés, Gustavo, Ignacio, Felipe, Tomás, Pablo, Lorenzo, Santos, Cruz, Refugio`,
    female: `María 480, Guadalupe 150, Rosa 150, Ana 140, Carmen 125, Juana 110, Margarita 105, Martha 100, Teresa 95, Gloria 85, Leticia 80, Elena 75, Silvia, Patricia, Alicia,
      Yolanda, Verónica, Rosario, Irma, Francisca, Josefina, Esperanza, María Guadalupe, María Elena, Ana María, María del Carmen, María de los Ángeles, Rosa María, Luz María,
      Blanca, Norma, Elvira, Graciela, Araceli, Lourdes, Olga, Consuelo, Dolores, Luz, Ofelia, Angélica, Isabel, Maribel, Adriana, Claudia, Sandra, Lidia, Beatriz, Amparo, Socorro`,
  },
  {
    until: 9999,
    male: `José 170, Juan 140, Luis 135, Daniel 130, Ángel 125, Jesús 120, Carlos 115, David 110, Anthony 100, Christopher 98, Kevin 95, Alexander, Miguel, Diego, Brandon, Jonathan,
      Sebastián, Mateo, Santiago, Bryan, Emmanuel, Alejandro, Eduardo, Cristian, Adrián, Edgar, Erick, Iván, Óscar, Javier, Ricardo, Fernando, Julián, Gabriel, Axel, Leonardo,
      Juan Carlos, José Luis, Luis Ángel, Juan Pablo, Ángel David, José Manuel, Wilmer, Elmer, Nelson, Darwin, Joel, Isaac, Abel, Noé, Uriel, Yahir, Ulises, Efraín, Marvin, Edwin,
      Walter, Henry, Wilson, Josué`,
    female: `María 130, Ashley 110, Jennifer 105, Emily 100, Stephanie 98, Daniela 95, Andrea 92, Sofía 90, Isabella 88, Valeria 85, Camila, Ximena, Alejandra, Karla, Diana, Karen,
      Guadalupe, Vanessa, Jasmine, Leslie, Katherine, Gabriela, Fernanda, Mariana, Ana, Natalia, Valentina, Brenda, Mónica, Laura, Cristina, Yesenia, Marisol, Wendy, Yaretzi, Litzy,
      Dulce María, Ana Sofía, María José, María Fernanda, Luz Elena, Ana Karen, Keyla, Génesis, Nayeli, Itzel, Paola, Rocío, Liliana, Evelyn, Perla, Esmeralda, Ruby, Xiomara, Arely,
      Yuridia, Zuleyma, Noemí, Débora, Raquel`,
  },
];

/** Together about 62 % of Hispanic surnames. */
export const HISPANIC_SURNAMES = `García 270, Rodríguez 255, Martínez 245, Hernández 240, López 210, González 205, Pérez 165, Sánchez 150, Ramírez 140, Torres 112, Flores 102, Rivera 98, Gómez 95,
  Díaz 90, Reyes 82, Morales 78, Cruz 76, Ortiz 70, Gutiérrez 68, Chávez 64, Ramos 62, Ruiz 55, Álvarez 53, Mendoza 52, Vásquez 50, Castillo 50, Jiménez 48, Moreno 47, Romero 46, Herrera 45,
  Medina 43, Aguilar 42, Vargas 40, Guzmán 39, Méndez 38, Fernández 37, Castro 37, Soto 34, Salazar 34, Muñoz 33, Garza 31, Alvarado 31, Rojas 30, Ríos 29, Contreras 29, Delgado 28, Estrada 28,
  Peña 28, Ortega 27, Núñez 26, Maldonado 25, Guerrero 25, Vega, Sandoval, Carrillo, Silva, Santiago, Espinoza, Cabrera, Domínguez, Juárez, Valdez, Figueroa, Acosta, Padilla, Luna, Molina,
  Velásquez, Mejía, Ayala, Cortez, Navarro, Campos, Robles, Lara, Rosales, Cervantes, De la Cruz, Serrano, Fuentes, Miranda, Cárdenas, Salinas, Suárez, Solís, Avila, Pacheco, Trujillo,
  Leal, Villarreal, Bautista, Zavala, De León, Meza, Barrera, Orozco, Ochoa, Escobar, Velázquez, Franco, Rosario, Marquez, Gallegos, Ibarra, Duran, Huerta, Rangel, Montoya, Calderón, Villanueva,
  De la Rosa, Benítez, Tapia, Lozano, Nieves, Andrade, Colón, Galván, Bravo, Arias, Macías, Quintero, Pineda, Arellano, Sierra, Esparza, Cisneros, Palacios, Beltrán, Montes, Enríquez, Portillo,
  Del Toro, Osorio, Paredes, Zamora, Villa, Barajas, Trejo, Quiroz, Bonilla, Ventura, Melgar, Lemus, Menjívar, Argueta, Chicas, Umaña, Zelaya, Bermúdez, Pinto, Del Río, De los Santos, Quispe,
  Mamani, Tzoc, Ixcoy, Chávez Tun, Caal, Xol, Coc, Ajanel, Morocho, Guamán, Yupanqui, Iñiguez, Ordóñez, Cedeño, Zambrano, Moreira, Güell, Avendaño, Castañeda, Saldaña, Ocampo, Jaimes`;
