// Approximate shares per 1,000 bearers of the origin among residents of the United States, rounded.
import type { GivenCohort } from './tables.ts';

const any = (male: string, female: string): readonly GivenCohort[] => [{ until: 9999, male, female }];

export const SOUTH_ASIAN_GIVEN: readonly GivenCohort[] = any(
  `Amit 20, Sanjay 19, Rajesh 19, Vijay 18, Ravi 18, Anil 16, Sunil 16, Suresh 15, Ramesh 15, Rahul 15, Arjun, Rohan, Vikram, Deepak, Manoj, Ashok, Mahesh, Kumar, Gurpreet, Harpreet, Jaspreet, Manpreet, Balwinder, Sukhwinder, Kuldeep, Prakash, Dinesh,
  Ganesh, Venkata, Srinivas, Karthik, Aditya, Rishi, Nikhil, Neil, Jay, Imran, Asif, Kamal, Bibek, Krishna, Md Rafiq, Abdul Karim, Shah Alam, Tariq, Naveed, Usman, Bilal, Faisal, Zahid`,
  `Priya 20, Anita 18, Sunita 17, Kavita 15, Deepa 15, Lakshmi 14, Neha 14, Pooja 14, Anjali, Meena, Rekha, Geeta, Usha, Radha, Asha, Nisha, Divya, Shreya, Ananya, Aarti, Gurpreet, Harpreet, Jaswinder, Manjit, Paramjit, Amandeep, Rajwinder, Sita, Maya,
  Sushma, Padma, Swathi, Lavanya, Isha, Riya, Fatima, Ayesha, Nasreen, Shabnam, Rukhsana, Farzana, Sadia, Hina, Sana, Parveen, Begum, Nusrat, Kiran, Simran, Tara`,
);
export const SOUTH_ASIAN_SURNAMES = `Patel 130, Singh 120, Kaur 55, Shah 38, Khan 60, Sharma 30, Kumar 28, Ahmed 22, Gupta 20, Desai 15, Rao 14, Reddy 14, Ali 20, Gill 13, Mehta, Joshi, Nair, Thomas, Iyer, Jain, Malik, Hussain, Rahman, Chowdhury, Islam, Das, Bose, Banerjee, Mukherjee,
  Chatterjee, Ghosh, Roy, Verma, Mishra, Agarwal, Bhatt, Trivedi, Parikh, Amin, Dhillon, Sandhu, Grewal, Sidhu, Dhaliwal, Brar, Bajwa, Thapa, Gurung, Shrestha, Rai, Tamang, Adhikari, Poudel, Perera, Fernando, De Silva, Siddiqui, Qureshi, Sheikh, Chaudhry,
  Butt, Mirza, Ansari, Begum, Akhtar, Uddin, Miah, Hossain, Srinivasan, Krishnan, Subramanian, Venkataraman, Ramakrishnan, Balasubramanian, Chandrasekaran`;

export const ARABIC_GIVEN: readonly GivenCohort[] = any(
  `Mohammed 90, Ahmed 60, Ali 50, Omar 30, Hassan 30, Hussein 25, Ibrahim 25, Khalid 22, Mahmoud 22, Yousef 20, Mustafa, Abdullah, Abdul Rahman, Samir, Tarek, Karim, Walid, Nabil, Hani, Bassam, Adel, Amir, Fadi, George, Elias, Tony, Ziad, Rami, Sami, Jamal, Faris, Hamza, Bilal,
  Abdulaziz, Abdul Hamid, Saeed, Majid, Nasser, Reza, Hamid, Farhad, Zabihullah, Najib, Mirwais, Ahmad Shah`,
  `Fatima 60, Maryam 40, Aisha 38, Zainab 30, Sara 28, Layla 25, Noor 24, Huda 20, Amal 20, Rania, Nadia, Mona, Samira, Hanan, Iman, Salma, Yasmin, Rana, Dina, Hala, Lina, Khadija, Asma, Amina, Safa, Marwa, Zahra, Shirin, Parisa, Leila, Farida, Najwa, Wafa, Sawsan, Ghada, Abeer,
  Umm Kulthum, Nour El Huda, Shaima, Rahma`,
);
export const ARABIC_SURNAMES = `Ahmed 45, Ali 44, Hassan 40, Mohammed 38, Hussein 30, Ibrahim 28, Khalil 20, Saleh 18, Mahmoud 17, Abdullah 16, Haddad 15, Khoury 14, Mansour 14, Nasser, Said, Salem, Hamdan, Awad, Yousef, Othman, Al-Hassan, Al-Sayed, Al-Masri, Al-Jabouri, Al-Amin, Al-Obaidi, El-Sayed,
  El-Khatib, El-Masry, Abdel Rahman, Abdel Aziz, Abu Bakr, Abu Zaid, Ben Ali, Bin Laith, Qasim, Rashid, Farah, Nassar, Saad, Sharif, Taha, Zaki, Shaheen, Daher, Issa, Hanna, Bishara, Karimi, Hosseini, Ahmadi, Rahimi, Mohammadi, Noori, Wardak, Stanikzai, Popal, Hakimi, Sultani`;

export const AFRICAN_GIVEN: readonly GivenCohort[] = any(
  `Abdi, Mohamed 40, Ibrahim, Samuel, Emmanuel 25, Kwame, Kofi, Chinedu, Emeka, Oluwaseun, Tunde, Ayodele, Olumide, Joseph, Daniel, Yonas, Dawit, Tesfaye, Abebe, Getachew, Mamadou, Amadou, Ousmane, Moussa, Boubacar, Ifeanyi, Uche, Jean Claude, Jean Pierre, Patrick, Serge, Wilner, Frantz, Jean Robert`,
  `Fatou, Aminata, Aisha, Halima, Grace 25, Blessing 22, Ngozi, Chioma, Ifeoma, Oluwatoyin, Folake, Akosua, Ama, Abena, Hodan, Fadumo, Sahra, Marie 20, Selam, Hana, Tigist, Meron, Almaz, Bintou, Mariama, Kadiatou, Adaeze, Esther, Comfort, Patience, Marie Claire, Rose Marie, Guerda, Nadege`,
);
export const AFRICAN_SURNAMES = `Mohamed 35, Diallo 28, Abdi 25, Hassan 24, Mensah 22, Okafor 20, Ali 20, Barry, Bah, Sow, Jalloh, Kamara, Sesay, Conteh, Traore, Coulibaly, Toure, Camara, Ndiaye, Diop, Owusu, Boateng, Asante, Appiah, Osei, Agyeman, Okeke, Okonkwo, Eze, Nwosu, Obi, Adeyemi, Adebayo, Ogunleye,
  Ojo, Balogun, Tesfaye, Bekele, Haile, Gebremedhin, Tekle, Wolde, Kebede, Warsame, Farah, Nur, Pierre 25, Jean 24, Joseph 20, Jean-Louis, Charles, Louis, Saint-Louis, Jean-Pierre, Baptiste, Desir, Etienne, Mukendi, Ilunga, Kabongo, Ngoma, Tshibanda, Nkurunziza, Habimana, Uwimana, Kariuki, Wanjiru, Otieno`;
