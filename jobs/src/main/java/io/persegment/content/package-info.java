/** What each customer gets: tokens, and for each slot of an e-mail or a page a variation. */
package io.persegment.content;
