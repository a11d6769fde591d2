package io.persegment.demo;

import java.util.List;

/**
 * Lists of given and family names, Danish, German and English. Their pairs repeat: in 5,000 people
 * a few hundred share their full name with somebody at another address.
 */
final class Names {
  private static final List<String> WOMEN =
      listed(
          """
          Anne Mette Kirsten Hanne Åse Søs Karen Lærke Freja Ida Sofie Emma Clara Johanne
          Bodil Birgit Inger Astrid Signe Maja Dorthe Gitte Lone Pernille Rikke Tove Ulla
          Vibeke Zoë Chloé Käthe Jördis Ursula Heike Sabine Monika Anja Petra Gisela
          Liesel Alice Charlotte Emily Grace Harriet Imogen Lucy Olivia Poppy Rose Ruth
          Sarah Victoria Wendy Édith Renée Camilla Cecilie Ditte Ellen Frida Gudrun Helle
          Iben Jytte Karoline Lise Marie Nanna Oda
          """);
  private static final List<String> MEN =
      listed(
          """
          Søren Jens Peter Lars Jørgen Åge Bjørn Christian Niels Hans Anders Bent Carl
          Erik Frederik Gorm Henrik Ib Jakob Kåre Lasse Mads Nikolaj Oluf Poul Rasmus
          Steen Thomas Uffe Viggo Jürgen Günther Jörg Klaus Dieter Helmut Matthias
          Wolfgang Uwe Björn Arthur Benjamin Charles Edward George Harry Isaac Jack Oliver
          Percy Robert Samuel Toby William René André Asger Bo Claus Ejnar Finn Gustav
          Holger Ivar Kaj Leif Magnus Otto Preben Villy
          """);
  private static final List<String> FAMILIES =
      listed(
          """
          Jensen Nielsen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen
          Jørgensen Petersen Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen
          Møller Mortensen Knudsen Østergaard Bæk Lund Holm Schmidt Kjær Vestergaard
          Nørgaard Søndergaard Ågård Bach Bertelsen Brandt Dahl Eriksen Frandsen Friis
          Gregersen Hald Hedegaard Iversen Jacobsen Jespersen Juhl Kofoed Krogh Lauridsen
          Lassen Mikkelsen Munk Nygaard Overgaard Ravn Riis Skov Svendsen Toft Winther
          Østerby Müller Schröder Jäger Weiß Köhler Schäfer Böhm Krüger Vogel Lorenz
          Hoffmann Zimmermann Groß Fuchs Becker Neumann Schwarz Krämer Hübner Seidel Smith
          Baker Carter Dawson Ellis Fletcher Green Harding Hughes Kerr Lowe Marsh Norton
          O'Brien Palmer Reed Shaw Turner Walsh Young Abildgaard Bisgaard Carlsen Dam
          Elkjær Fog Gram Højgaard Ibsen Junker Kirkegaard Lindegaard Mølgaard Nyborg
          Odgaard Qvist Rosenkilde Skovgaard Thorup Ulrichsen Vinther Wulff Ærø Øvlisen
          Ahlers Bartels Cordes Detlefsen Ehlers Feddersen Göttsche Hinrichs Ingwersen
          Jessen Ketelsen Lüders Matthiesen Nissen Oldsen Paulsen
          """);

  private Names() {}

  static Household.FirstName firstName(boolean woman, Draw draw) {
    return new Household.FirstName(draw.pick(woman ? WOMEN : MEN), woman);
  }

  static String lastName(Draw draw) {
    return draw.pickSkewed(FAMILIES);
  }

  /** Returns the text in the letters a to z (å becomes aa, ü becomes ue), lower-cased. */
  static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length() + 4);
    text.chars().forEach(letter -> plain.append(plain((char) Character.toLowerCase(letter))));
    return plain.toString();
  }

  private static String plain(char letter) {
    return switch (letter) {
      case 'å' -> "aa";
      case 'æ', 'ä' -> "ae";
      case 'ø', 'ö' -> "oe";
      case 'ü' -> "ue";
      case 'ß' -> "ss";
      case 'é', 'ë', 'è' -> "e";
      default -> letter >= 'a' && letter <= 'z' ? String.valueOf(letter) : "";
    };
  }

  /** Returns the words of a text, without what is around them. */
  private static List<String> listed(String text) {
    return List.of(text.strip().split("\\s+"));
  }
}
