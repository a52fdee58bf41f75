// Approximate shares per 1,000 bearers of the origin among residents of the United States, rounded. Given names of two
// syllables are written with a space; people and offices join or hyphenate them.
import type { GivenCohort } from './tables.ts';

const any = (male: string, female: string): readonly GivenCohort[] => [{ until: 9999, male, female }];

export const CHINESE_GIVEN: readonly GivenCohort[] = any(
  `Wei, Jun, Ming, Jian, Lei, Hao, Bo, Feng, Qiang, Tao, Xiao Ming, Zhi Wei, Jian Guo, Wen Bin, Guo Dong, Kai, Chao, Bin, Yong, Zhi Yong, Jia Hao, Yi Fan, Zhen Hua, De Hua, Kwok Wai, Chi Ming,
  Wing Kit, Ka Ming, Yu Chen, Zi Xuan, Kevin, David, Jason, Eric, Michael, Peter, Raymond, Andy, Tony, Henry`,
  `Li, Yan, Fang, Mei, Xiu Ying, Xiao Yan, Li Hua, Yu Lan, Jing, Min, Na, Ling, Hui, Hong, Xue, Qian, Ting, Mei Ling, Siu Fong, Wai Yee, Mei Yee, Yu Ting, Jia Yi, Xin Yi, Zi Han, Ya Ting, Lan,
  Ping, Juan, Ying, Grace, Amy, Cindy, Jenny, Michelle, Connie, Vivian, Alice, Linda, Nancy`,
);
export const CHINESE_SURNAMES = `Chen 95, Wang 80, Li 75, Liu 60, Zhang 58, Wong 55, Lin 50, Huang 48, Wu 42, Yang 42, Chan 40, Zhao 25, Zhou 24, Xu 23, Lee 60, Sun, Ma, Zhu, Hu, Guo, He, Gao, Luo,
  Liang, Zheng, Tang, Chang, Cheng, Leung, Lau, Ho, Ng, Chow, Yu, Fong, Mei, Zeng, Pan, Dong, Cai, Deng, Xie, Feng, Ye, Jiang, Shi, Tsai, Hsu, Kwan, Mak, Yip, Tam, Chu, Lam, Cheung, Lai, Yuen,
  Peng, Song, Fan, Wei, Shen, Du, Ding, Yao, Xiong, Tan, Lu, Qiu, Su, Hong, Ouyang, Situ, Au Yeung, Hui, Kong, Eng, Moy, Chin, Louie`;

export const VIETNAMESE_GIVEN: readonly GivenCohort[] = any(
  `Minh, Hùng, Tuấn, Dũng, Đức, Long, Hải, Nam, Thành, Quang, Sơn, Anh, Hoàng, Bình, Cường, Khoa, Huy, Phúc, Thắng, Tâm, Vinh, Trung, Tài, Toàn, Kiệt, Khánh, Anh Tuấn, Quốc Bảo, Đình Phong, Johnny, Andy, Kevin, Tommy`,
  `Lan, Hương, Hoa, Linh, Mai, Thủy, Anh, Ngọc, Hà, Trang, Phương, Hạnh, Nga, Hồng, Thu, Yến, Thảo, Trinh, Kim, Loan, Dung, Hiền, Vân, Tuyết, Bích, Ngọc Lan, Kim Anh, Thanh Thủy, Tiffany, Jenny, Kim Chi, Mỹ Linh`,
);
export const VIETNAMESE_MIDDLE: Readonly<Record<'male' | 'female', string>> = {
  male: `Văn 400, Đức 60, Quang 55, Hữu 50, Minh 50, Ngọc 40, Đình 40, Thanh 35, Quốc 30, Xuân, Công, Hoàng`,
  female: `Thị 520, Thị Kim 50, Ngọc 45, Thanh 40, Kim 35, Thị Ngọc 30, Minh, Hồng, Bích, Thị Thu`,
};
export const VIETNAMESE_SURNAMES = `Nguyễn 380, Trần 110, Lê 92, Phạm 70, Huỳnh 50, Hoàng 30, Phan 40, Vũ 38, Võ 36, Đặng 25, Bùi 23, Đỗ 22, Hồ 18, Ngô 15, Dương 12, Lý 11, Trương, Đinh, Lâm, Đoàn, Mai, Trịnh, Cao,
  Hà, Tạ, Châu, Tô, Lưu, Thái, Vương, Quách, Kiều, Tôn`;

export const KOREAN_GIVEN: readonly GivenCohort[] = any(
  `Min Jun, Ji Hoon, Sung Ho, Young Ho, Jae Hyun, Sang Woo, Dong Hyun, Seung Hyun, Jin Woo, Hyun Woo, Kyung Soo, Jong Su, Chul Soo, Young Jin, Tae Hoon, Joon Ho, Jin, Ho, Daniel, David, James, John, Joseph, Paul, Andrew, Brian`,
  `Seo Yeon, Ji Woo, Eun Ji, Min Ji, Soo Jin, Young Hee, Mi Kyung, Hye Jin, Eun Young, Sun Hee, Kyung Hee, Ji Young, Yoon Ah, Hyun Joo, Jung Hee, Myung Ja, Soon Ja, Young Ja, Hana, Jin, Grace, Esther, Sarah, Jennifer, Christine, Eunice`,
);
export const KOREAN_SURNAMES = `Kim 215, Lee 150, Park 90, Choi 52, Jung 30, Kang 30, Cho 28, Yoon 26, Chang 25, Lim 22, Han 20, Shin 19, Oh 18, Song 18, Chung 25, Hong 15, Kwon 15, Yoo 15, Ahn 14, Hwang 14, Suh, Yang, Ko, Moon, Bae,
  Cha, Chun, Son, Yi, Paik, Rhee, Noh, Min, Ryu, Nam, Ha, Joo, Koo, Woo, Pyo, Namkung`;

export const FILIPINO_GIVEN: readonly GivenCohort[] = any(
  `Jose, Juan, Mark, John Paul, Michael, Christian, Joshua, Angelo, Ramon, Roberto, Ernesto, Rolando, Reynaldo, Danilo, Ferdinand, Rommel, Jericho, Jayson, Rodel, Arnel, John Mark, Mark Anthony, Bong, Benigno, Efren, Virgilio`,
  `Maria, Maria Theresa, Mary Grace, Mary Jane, Rosalinda, Josephine, Lourdes, Cristina, Teresita, Corazon, Marites, Jocelyn, Maricel, Rowena, Analyn, Princess, Angel, Nicole, Liezel, Imelda, Remedios, Luzviminda, Carmelita, Erlinda, Rosemarie, Ligaya`,
);
export const FILIPINO_SURNAMES = `Santos 45, Reyes 42, Cruz 38, Garcia 30, Bautista 28, Ramos 25, Mendoza 24, De la Cruz 22, Fernandez 20, Gonzales 19, Flores 18, Villanueva 17, Rivera, Aquino, Castillo, Dizon, Pascual, Santiago, Francisco, Mercado, Aguilar, Valdez,
  Manalo, Dela Peña, Tolentino, Soriano, Magsaysay, Macaraeg, Pangilinan, Manalang, Tiongson, Dimaculangan, Catacutan, Salonga, Bacani, Evangelista, Ocampo, Galang, Lacson, Panganiban, De Guzman, De Leon, Del Rosario, San Juan, Agbayani, Cabanilla,
  Lim, Tan, Sy, Ong, Uy, Corpuz, Domingo, Ignacio, Navarro, Marquez, Velasco, Abad, Alcantara, Baluyot`;

export const JAPANESE_GIVEN: readonly GivenCohort[] = any(
  `Hiroshi, Kenji, Takashi, Satoshi, Yuki, Daisuke, Kenta, Makoto, Shigeru, Akira, Ken, Robert, George, James, David, Haruto, Ren, Taro, Ryan, Kevin`,
  `Yuki, Keiko, Yoko, Akiko, Emi, Naomi, Sakura, Haruka, Michiko, Kazuko, Yumi, Mariko, Hana, Aiko, Grace, Amy, Emily, Karen, Lisa, June`,
);
export const JAPANESE_SURNAMES = `Tanaka 40, Yamamoto 36, Nakamura 34, Suzuki 30, Watanabe 28, Sato 28, Ito 24, Kobayashi 20, Yamada 20, Takahashi 18, Kato, Yoshida, Sasaki, Matsumoto, Inouye, Hayashi, Kimura, Shimizu, Yamaguchi, Mori, Abe, Ikeda, Hashimoto, Ishikawa,
  Ogawa, Fujimoto, Okada, Hasegawa, Murakami, Kondo, Ishii, Sakamoto, Endo, Aoki, Nishimura, Fukuda, Miura, Fujita, Okamoto, Matsuda, Nakagawa, Harada, Ono, Tamura, Takeuchi, Kaneko, Wada, Nakayama, Ueda, Morita`;
