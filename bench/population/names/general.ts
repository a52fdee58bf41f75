// Approximate shares per 10,000 bearers: of people born in the cohort for given names, of everybody for surnames.
// Common knowledge of US birth and census statistics, rounded; the order matters more than the figures.
import type { GivenCohort } from './tables.ts';

export const GENERAL_GIVEN: readonly GivenCohort[] = [
  {
    until: 1944,
    male: `James 480, Robert 470, John 450, William 390, Richard 290, Charles 260, Donald 240, George 200, Thomas 180, Joseph 175,
      David 150, Edward 140, Ronald 130, Paul 120, Kenneth 115, Frank 90, Raymond 85, Jack 80, Harold 75, Billy, Gerald, Walter,
      Jerry, Joe, Eugene, Henry, Bobby, Arthur, Carl, Larry, Ralph, Albert, Willie, Fred, Lawrence, Louis, Earl, Roy, Harry,
      Norman, Leonard, Stanley, Melvin, Marvin, Leroy, Vernon, Herbert, Clarence, Alfred, Francis`,
    female: `Mary 560, Barbara 330, Patricia 270, Betty 260, Shirley 220, Carol 190, Nancy 180, Dorothy 175, Joan 165, Margaret 150,
      Judith 120, Helen 110, Ruth 100, Virginia 95, Jean 90, Frances 80, Elizabeth 80, Janet 75, Alice, Martha, Beverly, Marilyn,
      Donna, Joyce, Sandra, Carolyn, Gloria, Evelyn, Phyllis, Doris, Lois, Norma, Marie, Rose, Peggy, Janice, Jane, Anna, Ann,
      Marjorie, Sally, Bonnie, Wanda, Geraldine, Mildred, Elaine, Arlene, Florence, Eleanor, Mary Ann`,
  },
  {
    until: 1964,
    male: `Michael 410, James 400, Robert 390, John 370, David 370, William 280, Richard 240, Mark 190, Thomas 180, Steven 140,
      Charles 130, Joseph 120, Gary 115, Kenneth 100, Donald 100, Daniel 95, Paul 95, Ronald 95, Timothy 90, Larry 85, Jeffrey,
      Stephen, Edward, Gregory, Dennis, George, Scott, Terry, Kevin, Jerry, Anthony, Douglas, Bruce, Randy, Roger, Frank, Peter,
      Raymond, Keith, Craig, Alan, Patrick, Philip, Danny, Jim, Walter, Russell, Wayne, Carl, Glenn`,
    female: `Mary 330, Linda 300, Susan 230, Patricia 220, Deborah 190, Barbara 180, Karen 170, Nancy 140, Donna 130, Cynthia 125,
      Sandra 120, Pamela 110, Sharon 110, Kathleen 100, Carol 100, Diane 95, Brenda 90, Debra 90, Lisa 85, Cheryl, Elizabeth,
      Janet, Kathy, Margaret, Carolyn, Janice, Judy, Betty, Teresa, Christine, Julie, Catherine, Laura, Denise, Rebecca, Robin,
      Beverly, Joyce, Debbie, Gail, Theresa, Connie, Vicki, Ann, Peggy, Rhonda, Jo Ann, Mary Ann, Anne, Mary Ellen`,
  },
  {
    until: 1984,
    male: `Michael 420, Christopher 290, Jason 250, David 240, James 235, John 220, Robert 215, Brian 180, William 150, Matthew 150,
      Joseph 130, Daniel 130, Kevin 110, Eric 110, Jeffrey 105, Richard 100, Scott 100, Mark 95, Steven 95, Timothy 85, Thomas,
      Anthony, Charles, Joshua, Ryan, Jeremy, Paul, Andrew, Gregory, Chad, Kenneth, Jonathan, Stephen, Shawn, Aaron, Adam, Patrick,
      Justin, Sean, Edward, Todd, Keith, Craig, Travis, Bryan, Nathan, Benjamin, Derek, Brandon, Marcus`,
    female: `Jennifer 340, Amy 170, Melissa 160, Michelle 155, Kimberly 150, Lisa 145, Angela 130, Heather 125, Stephanie 110, Jessica 105,
      Elizabeth 95, Rebecca 90, Kelly 85, Mary 85, Christine 80, Laura 75, Amanda 75, Julie, Sarah, Nicole, Christina, Karen, Tammy,
      Shannon, Patricia, Susan, Rachel, Tracy, Andrea, Dawn, Cynthia, Crystal, Wendy, Tina, Erin, Lori, April, Katherine, Carrie,
      Tara, Stacy, Jamie, Teresa, Erica, Monica, Jill, Danielle, Kathleen, Emily, Catherine`,
  },
  {
    until: 1999,
    male: `Michael 270, Christopher 220, Matthew 210, Joshua 190, Andrew 160, Jacob 150, Daniel 150, Nicholas 145, Tyler 140, Joseph 135,
      David 130, James 125, John 120, Ryan 115, Brandon 110, Zachary 105, William 100, Justin 95, Anthony 95, Robert 95, Jonathan,
      Kyle, Austin, Alexander, Kevin, Thomas, Cody, Jordan, Benjamin, Eric, Aaron, Christian, Samuel, Dylan, Steven, Brian, Timothy,
      Nathan, Adam, Richard, Patrick, Sean, Charles, Jeremy, Stephen, Cameron, Jesse, Travis, Trevor, Garrett`,
    female: `Jessica 200, Ashley 195, Emily 160, Sarah 155, Samantha 145, Amanda 140, Brittany 120, Elizabeth 115, Taylor 110, Megan 105,
      Stephanie 90, Kayla 90, Lauren 88, Jennifer 85, Rachel 85, Hannah 80, Nicole 78, Alexis, Courtney, Amber, Danielle, Victoria,
      Rebecca, Alyssa, Madison, Katherine, Abigail, Olivia, Morgan, Chelsea, Kelsey, Kimberly, Melissa, Allison, Christina, Heather,
      Shelby, Erin, Anna, Jordan, Mary, Haley, Sara, Natalie, Grace, Erica, Kathryn, Caitlin, Molly, Paige`,
  },
  {
    until: 9999,
    male: `Jacob 105, Michael 100, Ethan 95, William 95, Noah 92, Liam 88, Mason 85, James 85, Joshua 80, Alexander 80, Daniel 78,
      Matthew 75, Elijah 75, Benjamin 72, Logan 70, Jayden, Lucas, Aiden, Andrew, Jackson, Samuel, Anthony, Joseph, David, John,
      Oliver, Henry, Owen, Carter, Wyatt, Luke, Jack, Caleb, Dylan, Ryan, Nathan, Isaac, Hunter, Levi, Landon, Connor, Eli, Charles,
      Thomas, Cameron, Hudson, Lincoln, Easton, Grayson, Parker`,
    female: `Emma 105, Olivia 100, Isabella 95, Sophia 92, Ava 90, Emily 88, Madison 82, Abigail 80, Mia 75, Charlotte 72, Elizabeth 68,
      Hannah 65, Chloe 63, Ella 60, Avery, Grace, Harper, Lily, Addison, Natalie, Samantha, Evelyn, Amelia, Sofia, Victoria, Zoey,
      Lillian, Aubrey, Brooklyn, Layla, Riley, Alexis, Leah, Savannah, Claire, Audrey, Anna, Sarah, Nora, Hailey, Lucy, Allison,
      Stella, Kaylee, Alyssa, Peyton, Mackenzie, Penelope, Morgan, Hazel`,
  },
];

export const GENERAL_MIDDLE: Readonly<Record<'male' | 'female', string>> = {
  male: `Lee 300, James 280, Michael 250, Edward 190, Allen 180, Joseph 170, William 170, John 160, Wayne 150, Thomas 130, Robert 125, David 120, Alan, Scott, Dean, Ray, Paul, Charles, Eugene, Richard, Francis, Patrick,
    Anthony, Andrew, Ryan, George, Henry, Daniel, Matthew, Dale, Alexander, Douglas, Gene, Glenn, Franklin, Earl, Christopher, Joshua, Peter, Louis, Arthur, Nicholas, Jay, Lynn, Cole, Tyler, Reed, Austin, Blake, Bradley`,
  female: `Ann 420, Marie 400, Lynn 300, Elizabeth 220, Jean 180, Rose 150, Nicole 120, Louise 110, Anne 105, Renee 95, Kay 90, Grace 85, Mae 80, Lee, Jane, Michelle, Sue, Dawn, Mary, Catherine, Faith, Hope, Claire, Victoria, Kathleen,
    Irene, Ellen, Leigh, Gail, Denise, Frances, Danielle, Ashley, Nichole, Elaine, Diane, Christine, Margaret, Alexandra, Joy, Paige, Brooke, Jo, Beth, Katherine, Eve, Noelle, Olivia, June, Pearl`,
};

/** Together about 29 % of this origin; the rest bear surnames of the tail. */
export const GENERAL_SURNAMES = `Smith 130, Johnson 95, Miller 80, Brown 72, Jones 70, Williams 68, Davis 62, Anderson 58, Wilson 50, Martin 46, Taylor 45,
  Moore 43, Thompson 41, White 40, Clark 36, Thomas 35, Lewis 33, Hall 32, Young 31, Allen 30, King 30, Wright 30, Nelson 30, Hill 28, Baker 28,
  Adams 27, Campbell 27, Mitchell 26, Roberts 26, Carter 25, Phillips 25, Evans 24, Collins 24, Stewart 23, Morris 23, Cook 22, Rogers 22, Peterson 22,
  Cooper, Reed, Bailey, Kelly, Cox, Ward, Wood, Watson, Bennett, Gray, Hughes, Myers, Sullivan, Long, Foster, Price, Russell, Fisher, Ross,
  Jenkins, Perry, Powell, Patterson, Sanders, Murphy, Parker, Turner, Scott, Green, Lee, Jackson, Harris, Robinson, Walker, Edwards, Bell, Howard,
  Barnes, Butler, Henderson, Coleman, Simmons, Jordan, Reynolds, Hamilton, Graham, Wallace, West, Cole, Hayes, Gibson, Ellis, Stevens, Murray,
  Ford, Marshall, Owens, McDonald, Harrison, Kennedy, Wells, Olson, Webb, Tucker, Burns, Crawford, Porter, Hunter, Snyder, Hunt, Mills, Palmer,
  Wagner, Black, Stone, Ramsey, Schmidt, Hoffman, Weber, Schultz, Larson, Hansen, Jensen, Carlson, Meyer, Schneider, Keller, Becker, Fox, Rose, Kelley,
  Arnold, Carroll, Duncan, Berry, Armstrong, Weaver, Greene, Lawrence, Elliott, Chapman, Spencer, Peters, Lane, Grant, Andrews, Ryan, Hart, Cunningham,
  Bradley, Dunn, Hudson, Knight, Ferguson, Hawkins, Payne, Hicks, Warren, Matthews, Austin, Riley, Sims, Gardner, Perkins, Bishop, Lynch, Burke,
  Howell, Day, Fields, Oliver, O'Brien, O'Connor, McCarthy, Walsh, Fuller, Little, Jacobs, Hale, Barrett, Lambert, Mack, Fleming, Barker,
  Harper, Brewer, Zimmerman, Klein, Wolfe, Erickson, Swanson, Christensen, Gallagher, Fitzgerald, Kowalski, Novak, Romano, Russo, Esposito, Rossi,
  D'Angelo, De Luca, Di Pietro, Van Dyke, Vander Berg, De Vries, Von Braun, St. John, St. Clair, La Fleur, Du Bois, Le Blanc, Mac Donald, McGregor,
  Petrov, Ivanova, Kaminski, Wisniewski, Horvath, Nagy, Cohen, Levy, Goldberg, Katz, Friedman, Müller, Schröder, Boudreaux, Hébert, Thibodeaux`;

export const AFRICAN_AMERICAN_GIVEN: readonly GivenCohort[] = [
  {
    until: 1964,
    male: `James 420, Willie 250, Robert 240, John 230, Charles 180, William 170, Michael 150, Larry, Ronald, Kenneth, Anthony, Clarence, Leroy, Calvin, Curtis,
      Ernest, Jerome, Reginald, Melvin, Nathaniel, Otis, Cleveland, Roosevelt, Darryl, Isaiah, Cornelius, Percy, Rodney, Luther, Booker`,
    female: `Mary 400, Patricia 180, Barbara 170, Linda 160, Brenda 150, Gloria 130, Shirley 130, Dorothy, Bettye, Annie, Ernestine, Gwendolyn, Beverly, Jacqueline,
      Sharon, Yvonne, Vernell, Earnestine, Mattie, Bernice, Lillie, Essie, Rosie, Ethel, Hattie, Johnnie Mae, Willie Mae, Ruby, Delores, Carolyn`,
  },
  {
    until: 1989,
    male: `Michael 200, James 190, Christopher 160, Anthony 150, Marcus 140, Kevin, Darius, Terrance, Tyrone, Andre, Reginald, Antonio, Derrick, Maurice, Demetrius,
      Jermaine, Cedric, Corey, Terrell, Jamal, Dwayne, Lamar, Kendrick, DeAndre, D'Andre, Rashad, Marquis, Tremaine, Quentin, Jarvis`,
    female: `Kimberly 120, Latoya 110, Angela 105, Tiffany 100, Keisha, Latasha, Ebony, Tamika, Jasmine, Crystal, Monique, Latisha, Shanice, Kenya, Tanisha, Nichelle,
      Yolanda, Felicia, Chanel, Danielle, Erica, Erika, Shaniqua, Lakeisha, Tamara, Aisha, Kiara, Chante, Rashida, Nakia`,
  },
  {
    until: 9999,
    male: `Elijah 95, Jayden 90, Isaiah 88, Joshua 85, Michael 85, Jeremiah, Christian, Josiah, Xavier, Malik, Jalen, Amari, Kameron, Tyrese, Trey, DeShawn, Jaquan,
      Javon, Zion, Darnell, Khalil, King, Messiah, Tariq, Devonte, Keyon, Malachi, Donovan, Kobe, Darian`,
    female: `Aaliyah 95, Jada 85, Kayla 82, Imani, Destiny, Nevaeh, Makayla, Kennedy, Gabrielle, Trinity, Serenity, Skylar, Diamond, Raven, Asia, Precious, Deja, Nia,
      Amari, Zaria, London, Kiara, Ayanna, Taniyah, Jazmine, Alexus, Tiana, Essence, Janiya, Chanel`,
  },
];

export const AFRICAN_AMERICAN_SURNAMES = `Williams 250, Johnson 245, Smith 190, Jones 185, Brown 175, Jackson 150, Davis 125, Thomas 105, Harris 100, Robinson 90, Taylor 75,
  Wilson 72, Moore 70, Washington 68, White 62, Lewis 60, Walker 60, Thompson 58, Green 55, Anderson 50, Scott 50, Carter, Wright, Hill, Allen, Mitchell, Young,
  Coleman, James, Turner, Edwards, Butler, Parker, Howard, Jenkins, Bell, Henderson, Simmons, Alexander, Joseph, Brooks, Banks, Jefferson, Charles, Gaines, Booker,
  Franklin, Dixon, Hawkins, Dorsey, Mosley, Bryant, Battle, Rivers, Pierre, Jean-Baptiste, Hairston, Cummings, Ellison, Singleton, Byrd, Wiggins, Boykin, McCoy`;
