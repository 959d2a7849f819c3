"""Personal names by region. The people made of them are invented."""

from muse_graph.loaders.synthetic.words import words


def _halves(text: str) -> tuple[list[str], list[str]]:
    first, _, second = text.partition("/")
    return words(first), words(second)


# list -> first / second names. "_native" lists are the same people in their own script; the family name comes
# first where it does there.
_PEOPLE = {
    "english": """
        Ada Amara Ben Callum Chloe Daisy Ethan Freya Grace Hazel Imogen Isaac Jade Jasper Kai
        Leah Liam Maya Nina Noah Olive Oscar Poppy Quinn Reuben Ruby Sadie Theo Tyrone Willa
        Zadie Zoe
        /
        Abbott Ashdown Baker Barlow Carter Chen Dawson Ellery Fletcher Forde Garrick Hale
        Holloway Jensen Kerr Lowell Marsh Mensah Nolan O'Hara Okoro Patel Quill Reyes Rowe
        Sharpe Singh Tanner Vance Whitlock Yates
    """,
    "spanish": """
        Alba Alejandra Andrés Camila Carmen Diego Elena Emiliano Esteban Gael Inés Joaquín
        Julieta Lola Lucía Luz Mateo Maricruz Nahuel Nuria Pilar Rafael Renata Rocío Santiago
        Sofía Tomás Valentina Ximena Íñigo
        /
        Acosta Aguilar Benítez Bravo Cárdenas Castaño Delgado Escobedo Figueroa Gallardo Herrera
        Ibáñez Jurado Lozano Maldonado Montoya Núñez Ocampo Peña Quiroga Rivadeneira Salazar
        Trujillo Urrutia Vélez Zúñiga
    """,
    "portuguese": """
        Afonso Ana Beatriz Caetano Caio Clara Débora Duarte Flávia Gil Helena Inês Iara João
        Júlia Leonor Lia Luís Mafalda Matilde Moacir Nuno Otávio Rui Simão Tainá Thiago Vitória
        Yara Zeca
        /
        Almeida Amaral Barbosa Brandão Cardoso Conceição Damasceno Esteves Falcão Figueiredo
        Gouveia Lacerda Magalhães Meireles Nogueira Pacheco Queirós Ribeiro Saldanha Taveira
        Vasconcelos Vilela Xavier
    """,
    "french": """
        Adèle Aïcha Anaïs Baptiste Camille Chloé Clément Damien Élodie Émile Fanny Gaspard
        Hélène Inès Jules Kévin Léa Loïc Maëlle Margaux Mehdi Noémie Océane Pauline Rémi Solène
        Théo Yann Zoé
        /
        Aubert Barbier Beaumont Besnard Chevalier Delacroix Dufour Fontaine Garnier Haddad
        Jacquet Lefèvre Marchand Mercier Moreau Noël Perrin Renaud Rousseau Saint-Clair Thibault
        Vasseur Villeneuve
    """,
    "german": """
        Anke Anton Birgit Clara Deniz Emil Finn Frieda Greta Hannes Ida Jannik Jürgen Karl Käthe
        Lena Lukas Mila Moritz Nele Ole Paula Rüdiger Sören Thea Uwe Vera Wiebke Yasemin Zora
        /
        Adler Bauer Böhm Brandt Decker Engel Falk Grün Hartmann Jäger Kaiser König Lindner
        Müller Nowak Ostermann Pfeiffer Richter Schröder Stern Überall Vogt Weiß Winkler Yıldız
        Ziegler
    """,
    "italian": """
        Alessia Bianca Chiara Cosimo Dario Elisa Fabrizio Gaia Giada Ilaria Leonardo Lorenzo
        Ludovica Marco Matteo Niccolò Noemi Ottavia Pietro Riccardo Serena Tommaso Viola
        /
        Amato Bellini Caruso Colombo De_Luca Esposito Ferrara Galli Lombardi Marchetti Moretti
        Neri Orlando Pellegrino Rinaldi Santoro Testa Vitale Zanetti
    """,
    "indian": """
        Aarav Aditi Anjali Arjun Deepa Devika Farhan Gauri Harpreet Ishaan Jaya Kabir Kavya
        Lakshmi Manoj Meera Naveen Nisha Omkar Pooja Priya Rahul Rohan Sahana Tanvi Usha Vikram
        Zara
        /
        Acharya Bhatt Chaudhary Desai Fernandes Ghosh Iyer Joshi Kapoor Khan Kulkarni Menon
        Mukherjee Nair Pillai Qureshi Rao Reddy Sharma Subramanian Thakur Varma
    """,
    "japanese": """
        Aiko Akira Ayumi Daichi Emi Haruka Hinata Kaito Kenji Mai Makoto Mei Naoko Ren Rin Ryota
        Sakura Shiori Sora Takumi Tomoko Yui Yuki
        /
        Abe Aoki Endo Fujimoto Hayashi Inoue Ishikawa Kobayashi Matsuda Mori Nakamura Ogawa
        Saito Shimizu Takeda Ueda Watanabe Yamaguchi
    """,
    "japanese_native": """
        佐藤 高橋 田中 渡辺 小林 中村 山口 松田 石川 森
        /
        愛子 明 結衣 海斗 蓮 凛 さくら 翔太 美咲 陽菜 悠真 直子
    """,
    "korean": """
        Bora Dae-hyun Eun-ji Ha-eun Hye-jin In-ho Ji-woo Jun-seo Min-jun Na-ri Seo-yeon So-yul
        Tae-yang Yu-na
        /
        Ahn Bae Choi Han Hwang Im Jang Jung Kang Kim Kwon Lee Moon Noh Park Seo Shin Yoon
    """,
    "korean_native": """
        김 이 박 최 정 강 윤 한 서 문
        /
        지우 서연 민준 하은 은지 도윤 유나 태양 보라 준서
    """,
    "polish": """
        Agnieszka Bartosz Celina Dominik Ewa Grażyna Hania Ignacy Jagoda Kacper Łukasz Magda
        Małgorzata Oskar Piotr Stanisława Szymon Wojciech Zofia Żaneta
        /
        Adamczyk Błaszczyk Czarnecka Dąbrowski Gołębiowski Jabłońska Kowalczyk Lewandowska
        Łuczak Mazur Nowicka Piątek Sikora Szczepański Wiśniewska Zieliński
    """,
    "dutch": """
        Anouk Bram Daan Eline Femke Gijs Hidde Iris Jip Joost Lotte Maarten Noor Pim Roos Sanne
        Thijs Wessel
        /
        Bakker de_Boer de_Vries Hoekstra Jansen Kuiper Meijer Mulder Postma Smit van_den_Berg
        van_der_Linden Visser Willems
    """,
    "turkish": """
        Aslı Ayşe Barış Can Defne Deniz Ece Emre Gökçe İpek Kerem Leyla Mert Nazlı Onur Özge
        Selin Tuğçe Umut Yağmur
        /
        Aksoy Arslan Aydın Bulut Çelik Demir Doğan Erdoğdu Güneş Kaplan Kılıç Öztürk Polat Şahin
        Toprak Yalçın
    """,
    "west_african": """
        Abena Adaeze Aissatou Akosua Ama Babatunde Bongani Chidi Efua Emeka Fatou Folake Ifeoma
        Ikenna Kofi Kwame Lerato Mamadou Moussa Naledi Ngozi Nomvula Olumide Ousmane Sipho
        Temitope Thabo Yaw Zanele Zola
        /
        Abiola Acheampong Adeyemi Asante Ba Balogun Boateng Diallo Diop Dlamini Eze Faye Khumalo
        Mahlangu Mbeki Mensah Ndiaye Nkosi Obi Ogunleye Okafor Osei Owusu Sarr Sow Uche Zulu
    """,
    "nordic": """
        Agnes Anders Åsa Astrid Björn Ebba Eirik Elsa Frida Håkon Ingrid Jens Kari Lars Linnea
        Magnus Maja Nils Øystein Pernille Sigrid Signe Søren Thora Ulrik Viggo
        /
        Åkesson Andersen Berglund Dahl Ek Forsberg Haugen Holm Kjær Lindqvist Lund Nyström
        Ødegård Rask Sandvik Solberg Strand Viklund
    """,
    "finnish": """
        Aino Antti Eero Eeva Helmi Ilona Jari Kaisa Lauri Mikko Oona Onni Päivi Sampo Satu Tuuli
        Väinö
        /
        Aalto Hämäläinen Heikkinen Järvinen Karjalainen Koskela Lahti Mäkelä Nieminen Rantanen
        Virtanen
    """,
    "indonesian": """
        Agus Ayu Bayu Bulan Citra Dewi Dimas Eka Fajar Gita Intan Joko Kartika Made Melati Putri
        Rizky Sari Wayan Yuda
        /
        Gunawan Halim Hidayat Kusuma Lestari Nugroho Pratama Rahayu Santoso Setiawan Siregar
        Suryadi Utami Wibowo Wijaya
    """,
    "arabic": """
        Amal Amina Dalia Farid Habiba Hassan Idris Jamila Karim Khadija Layla Mariam Nadia Omar
        Rania Salma Samir Tarek Yasmin Youssef Zeinab
        /
        Abdelrahman Alaoui Bennani El_Amrani El_Fassi El_Masri Fahmy Haddad Hosny Idrissi
        Mansour Mahfouz Naguib Nasser Rahmouni Salem Tazi Zaki
    """,
    "arabic_native": """
        ليلى يوسف مريم عمر سلمى كريم هبة طارق نادية زينب فريد أمل
        /
        حداد منصور المصري بناني سالم زكي ناصر العلوي فهمي الإدريسي
    """,
    "hebrew": """
        Adi Amit Ayelet Dafna Eitan Gil Hila Ido Lior Maayan Noa Omer Roni Shira Tal Yael
        Yonatan Ziv
        /
        Avraham Barak Ben-Ami Dayan Golan Harel Katz Levi Mizrahi Oz Peretz Rosen Shalev Tzur
    """,
    "hebrew_native": """
        נועה יעל איתן שירה טל יונתן מעיין אורי הילה עומר
        /
        לוי כץ ברק מזרחי פרץ שלו הראל גולן צור רוזן
    """,
    "ukrainian": """
        Andrii Bohdan Daryna Halyna Iryna Kateryna Lesia Maksym Mykola Oksana Olena Ostap
        Solomiia Taras Vira Yaryna
        /
        Bondarenko Hrytsenko Koval Kravchenko Lysenko Melnyk Moroz Petrenko Rudenko Shevchuk
        Tkachenko Zinchenko
    """,
    "ukrainian_native": """
        Соломія Тарас Оксана Богдан Леся Остап Дарина Максим Віра Ярина
        /
        Коваль Мельник Шевчук Лисенко Мороз Бондаренко Ткаченко Кравченко
    """,
    "greek": """
        Alexandra Danae Dimitris Eleni Giorgos Ioanna Katerina Kostas Lefteris Myrto Nikos
        Stavros Vasilis Zoe
        /
        Alexiou Christou Dimou Georgiou Kalogeras Nikolaidis Papadaki Raptis Samaras Vlachos
    """,
    "greek_native": """
        Ελένη Δανάη Γιώργος Κώστας Μυρτώ Νίκος Ζωή Λευτέρης
        /
        Αλεξίου Βλάχος Γεωργίου Παπαδάκη Σαμαράς Χρήστου
    """,
}
PEOPLE: dict[str, tuple[list[str], list[str]]] = {name: _halves(text) for name, text in _PEOPLE.items()}
