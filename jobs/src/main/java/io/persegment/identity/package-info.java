/** Who is who: source records become customers, whose ids last. */
package io.persegment.identity;
