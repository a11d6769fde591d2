/** What each customer will do next, as honest probabilities. */
package io.persegment.scores;
