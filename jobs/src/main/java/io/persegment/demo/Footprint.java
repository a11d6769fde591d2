package io.persegment.demo;

/**
 * In which systems a person is known, and as whom. Planted, of all persons: 95 % have a shop
 * account, 70 % a HubSpot contact, 91 % a Klaviyo profile; 25 % use two or three e-mail addresses,
 * which the shop's id in HubSpot or an equal phone and full name tie together; about 4 % of these
 * records are slipped.
 *
 * @param account whether there is a shop account; without one every order is a guest's
 * @param shop as known to Shopify
 * @param hubspot null where HubSpot does not know the person
 * @param hubspotKnowsAccount whether HubSpot's contact names the Shopify customer
 * @param klaviyo null where Klaviyo does not know the person
 * @param speaks whether the person ever said yes or no to anything; planted: 88 % do
 * @param addresses how many e-mail addresses the person uses, 1 to 3
 */
record Footprint(
    boolean account,
    Contact shop,
    Contact hubspot,
    boolean hubspotKnowsAccount,
    Contact klaviyo,
    boolean speaks,
    int addresses) {
  private static final double SHOP_SLIPS = .016;
  private static final double HUBSPOT_SLIPS = .075;
  private static final double KLAVIYO_SLIPS = .05;
  private static final double GUEST_SLIPS = .07;

  /** Draws where the person is known. */
  static Footprint drawn(Person person, Contacts contacts, Draw draw) {
    boolean account = !person.once() && draw.chance(person.buys() ? 1 : .9);
    int addresses = account && draw.chance(.26) ? draw.between(2, 3) : 1;
    boolean speaks = draw.chance(.88);
    boolean inKlaviyo = speaks || draw.chance(.25);
    boolean inHubspot = draw.chance(.7) || (!account && !inKlaviyo);
    Contact shop = shop(contacts, addresses, draw);
    boolean elsewhere = inHubspot && addresses > 1 && draw.chance(.6);
    Contact hubspot = inHubspot ? hubspot(contacts, elsewhere, draw) : null;
    Contact klaviyo = inKlaviyo ? klaviyo(contacts, addresses, elsewhere, draw) : null;
    boolean tied = account && inHubspot && draw.chance(.87);
    return new Footprint(
        account,
        shop,
        hubspot,
        tied && !hubspot.slipped() && !shop.slipped(),
        klaviyo,
        speaks,
        addresses);
  }

  /** Those with several addresses leave their phone here, which ties the others to it. */
  private static Contact shop(Contacts contacts, int addresses, Draw draw) {
    if (addresses == 1 && draw.chance(SHOP_SLIPS)) {
      return contacts.slipped();
    }
    return contacts.with(Contacts.MAIN, addresses > 1 || draw.chance(.65));
  }

  private static Contact hubspot(Contacts contacts, boolean elsewhere, Draw draw) {
    if (draw.chance(HUBSPOT_SLIPS)) {
      return contacts.slipped();
    }
    return contacts.with(elsewhere ? 1 : Contacts.MAIN, elsewhere || draw.chance(.7));
  }

  private static Contact klaviyo(Contacts contacts, int addresses, boolean elsewhere, Draw draw) {
    if (draw.chance(KLAVIYO_SLIPS)) {
      return contacts.slipped();
    }
    boolean other = addresses > 1 && (!elsewhere || draw.chance(.5));
    return contacts.with(other ? addresses - 1 : Contacts.MAIN, other || draw.chance(.4));
  }

  /** Draws how the person signs an order without logging in. */
  Contact guest(Contacts contacts, Draw draw) {
    if (draw.chance(GUEST_SLIPS)) {
      return contacts.slipped();
    }
    int slot = draw.between(0, addresses - 1);
    boolean phoneKnown = account && !shop.slipped() && shop.phone() != null;
    if (phoneKnown && draw.chance(.15)) {
      return contacts.withPhoneOnly();
    }
    return contacts.with(slot, slot != Contacts.MAIN || draw.chance(.7));
  }
}
