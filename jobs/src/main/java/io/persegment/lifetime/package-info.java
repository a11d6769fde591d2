/**
 * What customers are worth who come and go without a word: how often they buy, whether they still
 * do, and what an order of theirs is worth.
 *
 * <p>Buying is BG/NBD (Fader, Hardie and Lee, "Counting your customers" the easy way, Marketing
 * Science 24, 2005) or MBG/NBD (Batislam, Denizel and Filiztekin, Empirical validation and
 * comparison of models for customer base analysis, International Journal of Research in Marketing
 * 24, 2007); values are Gamma-Gamma (Fader and Hardie, The Gamma-Gamma model of monetary value,
 * 2013). All are fitted by maximum likelihood on counts of equal histories, so that a fit depends
 * on how many different ones there are, and not on how many customers.
 */
package io.persegment.lifetime;
