/**
 * What each customer will do next, as honest probabilities.
 *
 * <p>Reads customer_features of the as-of date and of past cuts, and orders, from which it learns
 * what happened after each cut. Nothing that a model may know lies after its cut, and it is tested
 * on a cut that lies after every event it was trained on. Scores never read segments.
 */
package io.persegment.scores;
