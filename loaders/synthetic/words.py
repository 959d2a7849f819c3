"""Word lists for artists, titles, handles and tags."""


def words(text: str) -> list[str]:
    """The words of a text; an underscore stands for a space within a word."""
    return [word.replace("_", " ") for word in text.split()]


ADJECTIVES = words("""
    Amber Arctic Ashen Blue Borrowed Brass Broken Burning Careful Cedar Copper Crooked Crystal
    Distant Drowsy Early Electric Elder Faded Feral First Folded Foreign Frozen Gentle Gilded Glass
    Golden Granite Green Half Hidden Hollow Honest Idle Indigo Inner Iron Ivory Kind Late Lazy
    Little Lonely Lost Lucky Lunar Marble Mellow Midnight Minor Misty Modest Molten Neon New Night
    Northern Odd Old Open Opal Outer Pale Paper Parallel Patient Plastic Quiet Quick Radiant Rapid
    Red Restless Royal Rusty Sacred Salt Scarlet Second Secret Silent Silver Simple Sleepless Slow
    Small Soft Solar Southern Steady Stolen Stray Sunken Tender Tidal Tiny Velvet Violet Wandering
    Warm Weightless White Wild Winter Wooden Yellow Young
""")
NOUNS = words("""
    Almanac Anchors Antlers Arcades Atlas Avenues Balconies Banners Bees Bells Boulevards Bridges
    Brothers Cables Canals Cartographers Castles Cathedrals Choir Cinemas Circuits Clocks Coasts
    Comets Compass Corners Crows Dancers Deserts Diaries Divers Echoes Engines Estuaries Fables
    Falcons Ferries Fields Fires Foxes Furnaces Gardens Ghosts Giants Glaciers Harbours Herons
    Highways Horizons Horses Hours Islands Jackals Kites Ladders Lamps Lanterns Letters Lighthouses
    Lions Machines Magpies Maps Meadows Mechanics Mirrors Monuments Moths Mountains Neighbours
    Nomads Oceans Oracles Orchards Otters Owls Palaces Parades Parrots Pilots Pines Planets Ponds
    Porches Postcards Radios Rails Rivers Rooftops Sailors Satellites Shadows Shores Signals Sisters
    Sparrows Stations Storms Strangers Swimmers Telephones Theatres Thieves Tides Tigers Towers
    Trains Travellers Valleys Villages Voices Volcanoes Waves Weavers Whales Windows Wolves
""")
ENSEMBLES = words("""
    Orchestra Ensemble Quartet Collective Sound_System Brass_Band Players Big_Band All_Stars
    Philharmonic Trio Chamber_Choir
""")
PLACES = words("""
    Accra Antwerp Bahia Belgrade Bergen Bogotá Bristol Busan Cádiz Cairo Cartagena Coimbra Dakar
    Detroit Dunedin Fez Galway Gdańsk Glasgow Göteborg Guadalajara Haifa Havana Izmir Jaipur
    Kingston Kyiv Kyoto Lagos Leipzig Lisbon Lviv Malmö Marseille Medellín Montréal Naples Nashville
    Oaxaca Oslo Porto Recife Rotterdam Salvador Seville Soweto Tampere Thessaloniki Turin Utrecht
    Valparaíso Veracruz Yogyakarta
""")
SYLLABLES = words("""
    ba be bi bo da de di do fa fe fi ga go ha he ja jo ka ke ki ko la le li lo lu ma me mi mo mu na
    ne ni no nu pa pe po ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo ya yo yu za ze zi
    zo
""")
MOODS = words("""
    calm rainy dancing focus late-night summer running melancholy sunny road-trip cooking live
""")

# language -> words of titles
_TITLES = {
    "en": """
        Afterglow August Avalanche Balcony Candle Daybreak December Distance Driftwood Fever
        Fireflies Gravity Halo Harbour Home Honey Lantern Letters Lighthouse Magnolia Midnight
        Mirrors Morning Nightbus Orbit Paper_Boats Postcards Rain Runaway Saltwater Satellite
        Shadows Silence Smoke Snowfall Static Strangers Sunday Telephone Thunder Tides Tomorrow
        Undertow Velvet Wildfire Windows Winter Yesterday
    """,
    "es": """
        Luna Mar Fuego Corazón Noche Camino Lluvia Sombra Cielo Mañana Arena Espejo Ceniza
        Viento Madrugada Jazmín Frontera Cumbre Rocío Tormenta Ventana Silencio Otoño Niebla
        Raíz
    """,
    "pt": """
        Saudade Mar Luar Chuva Madrugada Coração Cais Sol Vento Janela Maré Areia Sombra Rua
        Jardim Canção Estrela Outono Fogo Rio Manhã Varanda
    """,
    "fr": """
        Nuit Pluie Soleil Rivage Miroir Étoile Brume Hiver Velours Matin Silence Orage Lumière
        Fenêtre Été Cendre Boulevard Rêve Dimanche Vertige
    """,
    "de": """
        Nacht Regen Licht Morgen Schatten Sehnsucht Feuer Winter Glas Mond Straße Stille Nebel
        Sommer Wellen Heimweh
    """,
    "it": """
        Notte Mare Vento Cuore Luna Strada Pioggia Cenere Estate Specchio Domani Silenzio Fiume
        Ombra Aprile
    """,
    "nl": """
        Nacht Regen Licht Morgen Schaduw Vuur Winter Zee Straat Stilte Nevel Zomer Golven
        Heimwee Wolken
    """,
    "sv": """
        Natt Regn Ljus Morgon Skugga Eld Vinter Hav Gata Tystnad Dimma Sommar Vågor Hemlängtan
        Måne
    """,
    "no": """
        Natt Regn Lys Morgen Skygge Ild Vinter Hav Gate Stillhet Tåke Sommer Bølger Hjemlengsel
        Måne
    """,
    "fi": """
        Yö Sade Valo Aamu Varjo Tuli Talvi Meri Katu Hiljaisuus Usva Kesä Aallot Kaipuu Kuu
    """,
    "pl": """
        Noc Deszcz Światło Poranek Cień Ogień Zima Morze Ulica Cisza Mgła Lato Fale Tęsknota
        Księżyc
    """,
    "uk": """
        Ніч Дощ Світло Ранок Тінь Вогонь Зима Море Вулиця Тиша Туман Літо Хвилі Туга Місяць
    """,
    "el": """
        Νύχτα Βροχή Φως Πρωί Σκιά Φωτιά Χειμώνας Θάλασσα Δρόμος Σιωπή Ομίχλη Καλοκαίρι Κύματα
        Φεγγάρι
    """,
    "tr": """
        Gece Yağmur Işık Sabah Gölge Ateş Kış Deniz Sokak Sessizlik Sis Yaz Dalgalar Özlem Ay
    """,
    "ar": """
        ليل مطر نور صباح ظل نار شتاء بحر شارع صمت ضباب صيف أمواج شوق قمر
    """,
    "he": """
        לילה גשם אור בוקר צל אש חורף ים רחוב שקט ערפל קיץ גלים געגוע ירח
    """,
    "hi": """
        रात बारिश रोशनी सुबह परछाई आग सर्दी सागर गली ख़ामोशी धुंध चाँद लहर याद सपना
    """,
    "ja": """
        夜 雨 光 朝 影 炎 冬 海 街 静寂 霧 夏 波 月 夢 桜 東京
    """,
    "ko": """
        밤 비 빛 아침 그림자 불꽃 겨울 바다 거리 침묵 안개 여름 파도 달 꿈
    """,
    "id": """
        Malam Hujan Cahaya Pagi Bayangan Api Senja Laut Jalan Sunyi Kabut Ombak Rindu Bulan
        Mimpi
    """,
}
# What joins two words of a language.
_JOINTS = {
    "en": " and ",
    "es": " y ",
    "pt": " e ",
    "fr": " et ",
    "de": " und ",
    "it": " e ",
    "nl": " en ",
    "sv": " och ",
    "no": " og ",
    "fi": " ja ",
    "pl": " i ",
    "uk": " і ",
    "el": " και ",
    "tr": " ve ",
    "ar": " و",
    "he": " ו",
    "hi": " और ",
    "ja": "と",
    "ko": " 그리고 ",
    "id": " dan ",
}
TITLES: dict[str, tuple[list[str], str]] = {
    language: (words(text), _JOINTS[language]) for language, text in _TITLES.items()
}
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
