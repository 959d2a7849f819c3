"""Word lists for people, artists, titles and handles. All names made of them are invented."""

# list -> (given names, family names); "_native" lists are the same people in their own script.
PEOPLE: dict[str, tuple[list[str], list[str]]] = {
    name: (given.split(), family.split())
    for name, given, family in (
        (
            "english",
            "Ada Amara Ben Callum Chloe Daisy Ethan Freya Grace Hazel Imogen Isaac Jade Jasper Kai Leah Liam Maya "
            "Nina Noah Olive Oscar Poppy Quinn Reuben Ruby Sadie Theo Tyrone Willa Zadie Zoe",
            "Abbott Ashdown Baker Barlow Carter Chen Dawson Ellery Fletcher Forde Garrick Hale Holloway Jensen Kerr "
            "Lowell Marsh Mensah Nolan O'Hara Okoro Patel Quill Reyes Rowe Sharpe Singh Tanner Vance Whitlock Yates",
        ),
        (
            "spanish",
            "Alba Alejandra Andrés Camila Carmen Diego Elena Emiliano Esteban Gael Inés Joaquín Julieta Lola Lucía "
            "Luz Mateo Maricruz Nahuel Nuria Pilar Rafael Renata Rocío Santiago Sofía Tomás Valentina Ximena Íñigo",
            "Acosta Aguilar Benítez Bravo Cárdenas Castaño Delgado Escobedo Figueroa Gallardo Herrera Ibáñez Jurado "
            "Lozano Maldonado Montoya Núñez Ocampo Peña Quiroga Rivadeneira Salazar Trujillo Urrutia Vélez Zúñiga",
        ),
        (
            "portuguese",
            "Afonso Ana Beatriz Caetano Caio Clara Débora Duarte Flávia Gil Helena Inês Iara João Júlia Leonor Lia "
            "Luís Mafalda Matilde Moacir Nuno Otávio Rui Simão Tainá Thiago Vitória Yara Zeca",
            "Almeida Amaral Barbosa Brandão Cardoso Conceição Damasceno Esteves Falcão Figueiredo Gouveia Lacerda "
            "Magalhães Meireles Nogueira Pacheco Queirós Ribeiro Saldanha Taveira Vasconcelos Vilela Xavier",
        ),
        (
            "french",
            "Adèle Aïcha Anaïs Baptiste Camille Chloé Clément Damien Élodie Émile Fanny Gaspard Hélène Inès Jules "
            "Kévin Léa Loïc Maëlle Margaux Mehdi Noémie Océane Pauline Rémi Solène Théo Yann Zoé",
            "Aubert Barbier Beaumont Besnard Chevalier Delacroix Dufour Fontaine Garnier Haddad Jacquet Lefèvre "
            "Marchand Mercier Moreau Noël Perrin Renaud Rousseau Saint-Clair Thibault Vasseur Villeneuve",
        ),
        (
            "german",
            "Anke Anton Birgit Clara Deniz Emil Finn Frieda Greta Hannes Ida Jannik Jürgen Karl Käthe Lena Lukas "
            "Mila Moritz Nele Ole Paula Rüdiger Sören Thea Uwe Vera Wiebke Yasemin Zora",
            "Adler Bauer Böhm Brandt Decker Engel Falk Grün Hartmann Jäger Kaiser König Lindner Müller Nowak "
            "Ostermann Pfeiffer Richter Schröder Stern Überall Vogt Weiß Winkler Yıldız Ziegler",
        ),
        (
            "italian",
            "Alessia Bianca Chiara Cosimo Dario Elisa Fabrizio Gaia Giada Ilaria Leonardo Lorenzo Ludovica Marco "
            "Matteo Niccolò Noemi Ottavia Pietro Riccardo Serena Tommaso Viola",
            "Amato Bellini Caruso Colombo De_Luca Esposito Ferrara Galli Lombardi Marchetti Moretti Neri Orlando "
            "Pellegrino Rinaldi Santoro Testa Vitale Zanetti",
        ),
        (
            "indian",
            "Aarav Aditi Anjali Arjun Deepa Devika Farhan Gauri Harpreet Ishaan Jaya Kabir Kavya Lakshmi Manoj Meera "
            "Naveen Nisha Omkar Pooja Priya Rahul Rohan Sahana Tanvi Usha Vikram Zara",
            "Acharya Bhatt Chaudhary Desai Fernandes Ghosh Iyer Joshi Kapoor Khan Kulkarni Menon Mukherjee Nair "
            "Pillai Qureshi Rao Reddy Sharma Subramanian Thakur Varma",
        ),
        (
            "japanese",
            "Aiko Akira Ayumi Daichi Emi Haruka Hinata Kaito Kenji Mai Makoto Mei Naoko Ren Rin Ryota Sakura Shiori "
            "Sora Takumi Tomoko Yui Yuki",
            "Abe Aoki Endo Fujimoto Hayashi Inoue Ishikawa Kobayashi Matsuda Mori Nakamura Ogawa Saito Shimizu Takeda "
            "Ueda Watanabe Yamaguchi",
        ),
        ("japanese_native", "愛子 明 結衣 海斗 蓮 凛 さくら 翔太 美咲 陽菜 悠真 直子", "佐藤 高橋 田中 渡辺 小林 中村 山口 松田 石川 森"),
        (
            "korean",
            "Bora Dae-hyun Eun-ji Ha-eun Hye-jin In-ho Ji-woo Jun-seo Min-jun Na-ri Seo-yeon So-yul Tae-yang Yu-na",
            "Ahn Bae Choi Han Hwang Im Jang Jung Kang Kim Kwon Lee Moon Noh Park Seo Shin Yoon",
        ),
        ("korean_native", "지우 서연 민준 하은 은지 도윤 유나 태양 보라 준서", "김 이 박 최 정 강 윤 한 서 문"),
        (
            "polish",
            "Agnieszka Bartosz Celina Dominik Ewa Grażyna Hania Ignacy Jagoda Kacper Łukasz Magda Małgorzata Oskar "
            "Piotr Stanisława Szymon Wojciech Zofia Żaneta",
            "Adamczyk Błaszczyk Czarnecka Dąbrowski Gołębiowski Jabłońska Kowalczyk Lewandowska Łuczak Mazur Nowicka "
            "Piątek Sikora Szczepański Wiśniewska Zieliński",
        ),
        (
            "dutch",
            "Anouk Bram Daan Eline Femke Gijs Hidde Iris Jip Joost Lotte Maarten Noor Pim Roos Sanne Thijs Wessel",
            "Bakker de_Boer de_Vries Hoekstra Jansen Kuiper Meijer Mulder Postma Smit van_den_Berg van_der_Linden "
            "Visser Willems",
        ),
        (
            "turkish",
            "Aslı Ayşe Barış Can Defne Deniz Ece Emre Gökçe İpek Kerem Leyla Mert Nazlı Onur Özge Selin Tuğçe Umut Yağmur",
            "Aksoy Arslan Aydın Bulut Çelik Demir Doğan Erdoğdu Güneş Kaplan Kılıç Öztürk Polat Şahin Toprak Yalçın",
        ),
        (
            "west_african",
            "Abena Adaeze Aissatou Akosua Ama Babatunde Bongani Chidi Efua Emeka Fatou Folake Ifeoma Ikenna Kofi Kwame "
            "Lerato Mamadou Moussa Naledi Ngozi Nomvula Olumide Ousmane Sipho Temitope Thabo Yaw Zanele Zola",
            "Abiola Acheampong Adeyemi Asante Ba Balogun Boateng Diallo Diop Dlamini Eze Faye Khumalo Mahlangu Mbeki "
            "Mensah Ndiaye Nkosi Obi Ogunleye Okafor Osei Owusu Sarr Sow Uche Zulu",
        ),
        (
            "nordic",
            "Agnes Anders Åsa Astrid Björn Ebba Eirik Elsa Frida Håkon Ingrid Jens Kari Lars Linnea Magnus Maja Nils "
            "Øystein Pernille Sigrid Signe Søren Thora Ulrik Viggo",
            "Åkesson Andersen Berglund Dahl Ek Forsberg Haugen Holm Kjær Lindqvist Lund Nyström Ødegård Rask Sandvik "
            "Solberg Strand Viklund",
        ),
        (
            "finnish",
            "Aino Antti Eero Eeva Helmi Ilona Jari Kaisa Lauri Mikko Oona Onni Päivi Sampo Satu Tuuli Väinö",
            "Aalto Hämäläinen Heikkinen Järvinen Karjalainen Koskela Lahti Mäkelä Nieminen Rantanen Virtanen",
        ),
        (
            "indonesian",
            "Agus Ayu Bayu Bulan Citra Dewi Dimas Eka Fajar Gita Intan Joko Kartika Made Melati Putri Rizky Sari Wayan Yuda",
            "Gunawan Halim Hidayat Kusuma Lestari Nugroho Pratama Rahayu Santoso Setiawan Siregar Suryadi Utami Wibowo Wijaya",
        ),
        (
            "arabic",
            "Amal Amina Dalia Farid Habiba Hassan Idris Jamila Karim Khadija Layla Mariam Nadia Omar Rania Salma Samir "
            "Tarek Yasmin Youssef Zeinab",
            "Abdelrahman Alaoui Bennani El_Amrani El_Fassi El_Masri Fahmy Haddad Hosny Idrissi Mansour Mahfouz Naguib "
            "Nasser Rahmouni Salem Tazi Zaki",
        ),
        (
            "arabic_native",
            "ليلى يوسف مريم عمر سلمى كريم هبة طارق نادية زينب فريد أمل",
            "حداد منصور المصري بناني سالم زكي ناصر العلوي فهمي الإدريسي",
        ),
        (
            "hebrew",
            "Adi Amit Ayelet Dafna Eitan Gil Hila Ido Lior Maayan Noa Omer Roni Shira Tal Yael Yonatan Ziv",
            "Avraham Barak Ben-Ami Dayan Golan Harel Katz Levi Mizrahi Oz Peretz Rosen Shalev Tzur",
        ),
        ("hebrew_native", "נועה יעל איתן שירה טל יונתן מעיין אורי הילה עומר", "לוי כץ ברק מזרחי פרץ שלו הראל גולן צור רוזן"),
        (
            "ukrainian",
            "Andrii Bohdan Daryna Halyna Iryna Kateryna Lesia Maksym Mykola Oksana Olena Ostap Solomiia Taras Vira Yaryna",
            "Bondarenko Hrytsenko Koval Kravchenko Lysenko Melnyk Moroz Petrenko Rudenko Shevchuk Tkachenko Zinchenko",
        ),
        (
            "ukrainian_native",
            "Соломія Тарас Оксана Богдан Леся Остап Дарина Максим Віра Ярина",
            "Коваль Мельник Шевчук Лисенко Мороз Бондаренко Ткаченко Кравченко",
        ),
        (
            "greek",
            "Alexandra Danae Dimitris Eleni Giorgos Ioanna Katerina Kostas Lefteris Myrto Nikos Stavros Vasilis Zoe",
            "Alexiou Christou Dimou Georgiou Kalogeras Nikolaidis Papadaki Raptis Samaras Vlachos",
        ),
        ("greek_native", "Ελένη Δανάη Γιώργος Κώστας Μυρτώ Νίκος Ζωή Λευτέρης", "Αλεξίου Βλάχος Γεωργίου Παπαδάκη Σαμαράς Χρήστου"),
    )
}  # fmt: skip

ADJECTIVES = (
    "Amber Arctic Ashen Blue Borrowed Brass Broken Burning Careful Cedar Copper Crooked Crystal Distant Drowsy Early "
    "Electric Elder Faded Feral First Folded Foreign Frozen Gentle Gilded Glass Golden Granite Green Half Hidden "
    "Hollow Honest Idle Indigo Inner Iron Ivory Kind Late Lazy Little Lonely Lost Lucky Lunar Marble Mellow Midnight "
    "Minor Misty Modest Molten Neon New Night Northern Odd Old Open Opal Outer Pale Paper Parallel Patient Plastic "
    "Quiet Quick Radiant Rapid Red Restless Royal Rusty Sacred Salt Scarlet Second Secret Silent Silver Simple Sleepless "
    "Slow Small Soft Solar Southern Steady Stolen Stray Sunken Tender Tidal Tiny Velvet Violet Wandering Warm Weightless "
    "White Wild Winter Wooden Yellow Young"
).split()
NOUNS = (
    "Almanac Anchors Antlers Arcades Atlas Avenues Balconies Banners Bees Bells Boulevards Bridges Brothers Cables Canals "
    "Cartographers Castles Cathedrals Choir Cinemas Circuits Clocks Coasts Comets Compass Corners Crows Dancers Deserts "
    "Diaries Divers Echoes Engines Estuaries Fables Falcons Ferries Fields Fires Foxes Furnaces Gardens Ghosts Giants "
    "Glaciers Harbours Herons Highways Horizons Horses Hours Islands Jackals Kites Ladders Lamps Lanterns Letters "
    "Lighthouses Lions Machines Magpies Maps Meadows Mechanics Mirrors Monuments Moths Mountains Neighbours Nomads "
    "Oceans Oracles Orchards Otters Owls Palaces Parades Parrots Pilots Pines Planets Ponds Porches Postcards Radios "
    "Rails Rivers Rooftops Sailors Satellites Shadows Shores Signals Sisters Sparrows Stations Storms Strangers "
    "Swimmers Telephones Theatres Thieves Tides Tigers Towers Trains Travellers Valleys Villages Voices Volcanoes Waves "
    "Weavers Whales Windows Wolves"
).split()
ENSEMBLES = (
    "Orchestra Ensemble Quartet Collective Sound_System Brass_Band Players Big_Band All_Stars Philharmonic Trio Chamber_Choir"
).split()
PLACES = (
    "Accra Antwerp Bahia Belgrade Bergen Bogotá Bristol Busan Cádiz Cairo Cartagena Coimbra Dakar Detroit Dunedin "
    "Fez Galway Gdańsk Glasgow Göteborg Guadalajara Haifa Havana Izmir Jaipur Kingston Kyiv Kyoto Lagos Leipzig Lisbon "
    "Lviv Malmö Marseille Medellín Montréal Naples Nashville Oaxaca Oslo Porto Recife Rotterdam Salvador Seville "
    "Soweto Tampere Thessaloniki Turin Utrecht Valparaíso Veracruz Yogyakarta"
).split()
SYLLABLES = (
    "ba be bi bo da de di do fa fe fi ga go ha he ja jo ka ke ki ko la le li lo lu ma me mi mo mu na ne ni no nu "
    "pa pe po ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo ya yo yu za ze zi zo"
).split()

# language -> (words, what joins two of them)
TITLES: dict[str, tuple[list[str], str]] = {
    language: (words.split(), joint)
    for language, words, joint in (
        (
            "en",
            "Afterglow August Avalanche Balcony Candle Daybreak December Distance Driftwood Fever Fireflies Gravity Halo "
            "Harbour Home Honey Lantern Letters Lighthouse Magnolia Midnight Mirrors Morning Nightbus Orbit Paper_Boats "
            "Postcards Rain Runaway Saltwater Satellite Shadows Silence Smoke Snowfall Static Strangers Sunday Telephone "
            "Thunder Tides Tomorrow Undertow Velvet Wildfire Windows Winter Yesterday",
            " and ",
        ),
        (
            "es",
            "Luna Mar Fuego Corazón Noche Camino Lluvia Sombra Cielo Mañana Arena Espejo Ceniza Viento Madrugada Jazmín "
            "Frontera Cumbre Rocío Tormenta Ventana Silencio Otoño Niebla Raíz",
            " y ",
        ),
        (
            "pt",
            "Saudade Mar Luar Chuva Madrugada Coração Cais Sol Vento Janela Maré Areia Sombra Rua Jardim Canção Estrela "
            "Outono Fogo Rio Manhã Varanda",
            " e ",
        ),
        (
            "fr",
            "Nuit Pluie Soleil Rivage Miroir Étoile Brume Hiver Velours Matin Silence Orage Lumière Fenêtre Été Cendre "
            "Boulevard Rêve Dimanche Vertige",
            " et ",
        ),
        ("de", "Nacht Regen Licht Morgen Schatten Sehnsucht Feuer Winter Glas Mond Straße Stille Nebel Sommer Wellen Heimweh", " und "),
        ("it", "Notte Mare Vento Cuore Luna Strada Pioggia Cenere Estate Specchio Domani Silenzio Fiume Ombra Aprile", " e "),
        ("nl", "Nacht Regen Licht Morgen Schaduw Vuur Winter Zee Straat Stilte Nevel Zomer Golven Heimwee Wolken", " en "),
        ("sv", "Natt Regn Ljus Morgon Skugga Eld Vinter Hav Gata Tystnad Dimma Sommar Vågor Hemlängtan Måne", " och "),
        ("no", "Natt Regn Lys Morgen Skygge Ild Vinter Hav Gate Stillhet Tåke Sommer Bølger Hjemlengsel Måne", " og "),
        ("fi", "Yö Sade Valo Aamu Varjo Tuli Talvi Meri Katu Hiljaisuus Usva Kesä Aallot Kaipuu Kuu", " ja "),
        ("pl", "Noc Deszcz Światło Poranek Cień Ogień Zima Morze Ulica Cisza Mgła Lato Fale Tęsknota Księżyc", " i "),
        ("uk", "Ніч Дощ Світло Ранок Тінь Вогонь Зима Море Вулиця Тиша Туман Літо Хвилі Туга Місяць", " і "),
        ("el", "Νύχτα Βροχή Φως Πρωί Σκιά Φωτιά Χειμώνας Θάλασσα Δρόμος Σιωπή Ομίχλη Καλοκαίρι Κύματα Φεγγάρι", " και "),
        ("tr", "Gece Yağmur Işık Sabah Gölge Ateş Kış Deniz Sokak Sessizlik Sis Yaz Dalgalar Özlem Ay", " ve "),
        ("ar", "ليل مطر نور صباح ظل نار شتاء بحر شارع صمت ضباب صيف أمواج شوق قمر", " و"),
        ("he", "לילה גשם אור בוקר צל אש חורף ים רחוב שקט ערפל קיץ גלים געגוע ירח", " ו"),
        ("hi", "रात बारिश रोशनी सुबह परछाई आग सर्दी सागर गली ख़ामोशी धुंध चाँद लहर याद सपना", " और "),
        ("ja", "夜 雨 光 朝 影 炎 冬 海 街 静寂 霧 夏 波 月 夢 桜 東京", "と"),
        ("ko", "밤 비 빛 아침 그림자 불꽃 겨울 바다 거리 침묵 안개 여름 파도 달 꿈", " 그리고 "),
        ("id", "Malam Hujan Cahaya Pagi Bayangan Api Senja Laut Jalan Sunyi Kabut Ombak Rindu Bulan Mimpi", " dan "),
    )
}  # fmt: skip
TITLE_SUFFIXES = (
    "",
    " (Live)",
    " (Acoustic)",
    " (Remix)",
    " (Interlude)",
    " (Demo)",
    " (Radio Edit)",
    " (Live from the Old Harbour Theatre, Second Night, Late Set)",
)
MOODS = "calm rainy dancing focus late-night summer running melancholy sunny road-trip cooking live".split()
