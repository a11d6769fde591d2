package io.persegment.demo;

/**
 * How much was generated: rows of each kind of file.
 *
 * @param persons people with a name
 * @param visitors devices whose owner never said who they are; each counts as a person of its own
 * @param shopifyCustomers shop accounts
 * @param hubspotContacts HubSpot contacts
 * @param klaviyoPersons Klaviyo profiles
 * @param orders Shopify orders, guest, test and cancelled ones included
 * @param orderLines lines of these orders
 * @param refunds refunds of these orders
 * @param webEvents GA4 events
 * @param emailEvents Klaviyo events
 * @param consents entries of the opt-in log
 * @param products products of the catalogue
 */
public record GardenSummary(
    long persons,
    long visitors,
    long shopifyCustomers,
    long hubspotContacts,
    long klaviyoPersons,
    long orders,
    long orderLines,
    long refunds,
    long webEvents,
    long emailEvents,
    long consents,
    long products) {}
