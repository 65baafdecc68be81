package io.ligature.router.routing;

/**
 * Chance without dice: the same names give the same number, different ones unrelated numbers.
 *
 * <p>FNV-1a over the characters, then the finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
 */
final class Hashes {

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Hashes() {}

  static long of(String text) {
    long hash = FNV_BASIS;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return mixed(hash);
  }

  static long of(String first, String second) {
    return both(of(first), of(second));
  }

  static long both(long first, long second) {
    return mixed(first * GOLDEN + second);
  }

  /** Above 0 and below 1. */
  static double unit(long hash) {
    return ((mixed(hash) >>> 12) + 0.5) * 0x1.0p-52;
  }

  /**
   * What one of several candidates bids for a key in weighted rendezvous hashing (Schindelhauer and
   * Schomaker, 2005): the highest bid wins, each wins in proportion to its weight, and one that
   * leaves or comes moves no other key.
   */
  static double bid(long key, long candidate, double weight) {
    return -weight / Math.log(unit(both(key, candidate)));
  }

  private static long mixed(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
