/*
 * Times libsodium's ristretto255 for the benchmark that started this program, so that both are measured in the same
 * minute. It reads from standard input, in this order: the number of elements n as decimal digits and a newline; one
 * scalar (32 bytes), n elements (32 each), n uniform strings (64 each), n scalars (32 each). It answers with the
 * results of the three operations, 32·n bytes each, in the order of the enumeration below.
 *
 * After that each line "OPERATION CALLS" is answered by a line with the nanoseconds that so many passes over the
 * whole batch took, until the input ends.
 */
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum operation { EVALUATE, HASH_TO_GROUP, FIXED_BASE, OPERATIONS };

static unsigned char key[32];
static unsigned char *elements, *uniform, *scalars, *results;

static unsigned char *allocate(size_t bytes) {
  unsigned char *memory = malloc(bytes);
  if (memory == NULL) exit(1);
  return memory;
}

static void read_all(unsigned char *into, size_t bytes) {
  if (fread(into, 1, bytes, stdin) != bytes) exit(1);
}

static void run(enum operation operation, size_t n) {
  for (size_t i = 0; i < n; i++) {
    unsigned char *result = results + 32 * i;
    int failed = 0;
    switch (operation) {
    case EVALUATE:
      failed = crypto_scalarmult_ristretto255(result, key, elements + 32 * i);
      break;
    case HASH_TO_GROUP:
      failed = crypto_core_ristretto255_from_hash(result, uniform + 64 * i);
      break;
    default:
      failed = crypto_scalarmult_ristretto255_base(result, scalars + 32 * i);
    }
    if (failed) exit(1);
  }
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int main(void) {
  size_t n;
  unsigned operation, calls;
  if (sodium_init() < 0 || scanf("%zu", &n) != 1 || getchar() != '\n') return 1;
  elements = allocate(32 * n);
  uniform = allocate(64 * n);
  scalars = allocate(32 * n);
  results = allocate(32 * n);
  read_all(key, sizeof key);
  read_all(elements, 32 * n);
  read_all(uniform, 64 * n);
  read_all(scalars, 32 * n);
  for (operation = 0; operation < OPERATIONS; operation++) {
    run(operation, n);
    fwrite(results, 1, 32 * n, stdout);
  }
  fflush(stdout);
  while (scanf("%u %u", &operation, &calls) == 2 && operation < OPERATIONS) {
    int64_t start = nanoseconds();
    for (unsigned call = 0; call < calls; call++) run(operation, n);
    printf("%lld\n", (long long)(nanoseconds() - start));
    fflush(stdout);
  }
  return 0;
}
