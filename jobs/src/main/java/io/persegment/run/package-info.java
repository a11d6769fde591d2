/**
 * Running stages: what a stage is, the runner that goes through them and can resume, the ledger in
 * which every run is written down, and the lock that keeps two runs off one lake.
 */
package io.persegment.run;
