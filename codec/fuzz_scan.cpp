// What `make fuzz` runs: arbitrary bytes through the scanner, whole and growing, as a file and as the payload
// of a good record; and through the kernels over arrays. Built with libFuzzer, or with CUPOLA_FUZZ_DRIVER,
// which brings a plain random driver for compilers without it.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "format/encode.h"
#include "format/record.h"
#include "kernels/bucket.h"
#include "kernels/smooth.h"
#include "scan/scanner.h"

namespace {

using Input = std::vector<std::uint8_t>;

std::uint64_t number = 0;  // of the input that is running

void tell_number() {
  std::fprintf(stderr, "\nthis was input %llu\n", static_cast<unsigned long long>(number));
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "\nbroken promise: %s", what);
  tell_number();
  std::abort();
}

/// A file in memory, with a path.
class MemoryFile {
 public:
  MemoryFile()
      : descriptor_(memfd_create("fuzz", 0)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {}
  ~MemoryFile() { close(descriptor_); }
  const std::string& path() const { return path_; }
  void set(const std::uint8_t* data, std::size_t size) {
    require(ftruncate(descriptor_, 0) == 0, "ftruncate");
    require(pwrite(descriptor_, data, size, 0) == static_cast<ssize_t>(size), "pwrite");
  }

 private:
  int descriptor_;
  std::string path_;
};

struct Total {
  std::uint64_t records = 0, points = 0, damage = 0, scans = 0;
  double sum = 0;
};

/// Reads on to the end and looks at all that was found, so that the sanitizers do.
void read_on(cupola::Scanner& scanner, std::size_t size, std::uint64_t max_bytes, Total& total) {
  for (;;) {
    cupola::Chunk chunk = scanner.scan(max_bytes);
    if (chunk.reset) total = {};
    require(++total.scans < 64 + 16 * size, "a scan comes to its end");
    total.records += chunk.records;
    std::uint64_t points = 0;
    for (auto& series : chunk.series) {
      require(series.size() > 0, "a series has points");
      points += series.size();
      std::vector<std::int64_t> steps(series.size());
      series.steps().copy_to(steps.data());
      require(steps.front() == series.steps().front() && steps.back() == series.steps().back(),
              "steps have ends");
      for (std::size_t i = 0; i < series.size(); ++i) {
        total.sum += static_cast<double>(steps[i]) + series.wall_time()[i];
        if (!series.is_scalar()) {
          const auto offset = series.offset()[i], length = series.length()[i];
          require(offset >= 0 && length >= 0 && static_cast<std::size_t>(offset + length) <= size,
                  "a blob lies in the file");
        } else {
          total.sum += series.is_wide() ? series.wide_value()[i] : static_cast<double>(series.value()[i]);
        }
      }
    }
    require(points == chunk.points, "points are counted");
    total.points += points;
    total.damage += chunk.damage.size();
    for (const auto& damage : chunk.damage)
      require(damage.offset + damage.length <= size, "damage lies in the file");
    require(scanner.offset() + scanner.pending() <= size, "the place lies in the file");
    if (chunk.at_end) break;
  }
  require(scanner.offset() + scanner.pending() == size, "all bytes are read or pending");
}

void scan(const Input& data, std::uint8_t choice) {
  static MemoryFile file;
  Total whole, pieces;
  file.set(data.data(), data.size());
  cupola::Scanner at_once(file.path());
  read_on(at_once, data.size(), 1 << 20, whole);
  cupola::Scanner bit_by_bit(file.path());
  read_on(bit_by_bit, data.size(), 1 + choice, pieces);
  require(whole.records == pieces.records && whole.points == pieces.points, "pieces add up to the whole");
  require(at_once.offset() == bit_by_bit.offset(), "pieces end where the whole does");

  Total growing;
  const std::size_t half = data.size() * choice / 256;
  cupola::Scanner scanner(file.path());
  file.set(data.data(), half);
  read_on(scanner, half, 1 << 20, growing);
  const bool is_sound =
      growing.damage ==
      0;  // else a record that ended where the file did was given up, and with it what may lie in it
  file.set(data.data(), data.size());
  read_on(scanner, data.size(), 1 << 20, growing);
  require(growing.points >= whole.points || !is_sound, "growing loses nothing");
}

void run_kernels(const Input& data, std::uint8_t choice) {
  std::vector<double> numbers(data.size() / 8);
  std::vector<float> narrow(numbers.size());
  if (numbers.empty()) return;
  std::memcpy(numbers.data(), data.data(), numbers.size() * 8);
  std::memcpy(narrow.data(), data.data(), narrow.size() * 4);
  std::vector<double> x = numbers;
  if (choice & 1)
    std::sort(x.begin(), x.end(), [](double a, double b) { return a < b || (a == a && b != b); });
  const double low = numbers.front(), high = numbers.back();
  const auto width = static_cast<std::size_t>(choice % 7 + 1);
  for (const std::int64_t i : cupola::bucket<float>(x, narrow, low, high, width))
    require(i >= 0 && static_cast<std::size_t>(i) < x.size(), "an index is one");
  for (const std::int64_t i : cupola::bucket<double>(x, numbers, high, low, width))
    require(i >= 0 && static_cast<std::size_t>(i) < x.size(), "an index is one");
  std::vector<double> out(numbers.size());
  cupola::smooth<double>(numbers, choice / 200.0, out.data());
  cupola::smooth<float>(narrow, choice / 200.0, out.data());
}

Input record_of(const std::uint8_t* payload, std::size_t size) {
  Input record(size + cupola::kFrameBytes);
  cupola::store_record(record.data(), payload, size);
  return record;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::uint8_t mode = data[0] % 4, choice = data[1];
  Input bytes(data + 2, data + size);
  switch (mode) {
    case 0: scan(bytes, choice); break;
    case 1: scan(record_of(bytes.data(), bytes.size()), choice); break;
    case 2: {
      // Several records, each a good one, cut from the bytes: `choice` long, with one byte broken now and
      // then.
      Input file;
      for (std::size_t at = 0; at < bytes.size(); at += choice + 1u) {
        Input record = record_of(bytes.data() + at, std::min<std::size_t>(choice + 1u, bytes.size() - at));
        if (bytes[at] % 8 == 0) record[bytes[at] % record.size()] ^= 4;
        file.insert(file.end(), record.begin(), record.end());
      }
      scan(file, choice);
      break;
    }
    default: run_kernels(bytes, choice);
  }
  return 0;
}

#if defined(CUPOLA_FUZZ_DRIVER)
#include <sanitizer/common_interface_defs.h>

#include <chrono>
#include <ctime>
#include <random>

namespace {

Input read_file(const char* path) {
  Input data;
  if (std::FILE* file = std::fopen(path, "rb")) {
    std::uint8_t block[4096];
    while (const std::size_t count = std::fread(block, 1, sizeof block, file))
      data.insert(data.end(), block, block + count);
    std::fclose(file);
  }
  return data;
}

std::string field(int number, const std::string& bytes) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}

/// Events of the kinds that there are, as a file and as a payload.
std::vector<Input> seeds() {
  const std::string shape = field(2, field(2, std::string("\x08\x01", 2)));
  const std::string tensor =
      field(8, std::string("\x08\x01", 2) + shape + field(5, std::string("\x00\x00\x80\x3f", 4)));
  const std::string wide = field(8, std::string("\x08\x02", 2) + field(4, "12345678"));
  const std::string histogram = field(5, field(6, "12345678") + field(7, "87654321"));
  const std::string metadata = field(9, field(1, field(1, "scalars")) + std::string("\x20\x01", 2));
  const std::string start = std::string("\x10\x05", 2) + field(7, std::string("\x08\x01", 2));
  const cupola::ScalarEvent plain("loss", 0.5f, 3, 1.7e9);
  std::string scalar(plain.size(), '\0');
  plain.store(reinterpret_cast<std::uint8_t*>(scalar.data()));
  std::vector<Input> found;
  for (const std::string& payload :
       {scalar, scalar + scalar, cupola::file_version_event(1.7e9), cupola::warning_event(1.7e9, "lost"),
        start, field(4, "graph"), field(5, field(1, field(1, "t") + tensor + metadata)),
        field(5, field(1, field(1, "d") + wide + metadata)),
        field(5, field(1, field(1, "u") + tensor) + field(1, field(7, "h") + histogram)),
        field(8, field(1, "step1") + field(2, "times"))}) {
    const auto data = reinterpret_cast<const std::uint8_t*>(payload.data());
    Input file = record_of(data, payload.size());
    file.insert(file.begin(), {0, 100});
    found.push_back(std::move(file));
    for (const std::uint8_t mode : {1, 2, 3}) {
      found.push_back({mode, 100});
      found.back().insert(found.back().end(), data, data + payload.size());
    }
  }
  return found;
}

}  // namespace

/// fuzz_scan SECONDS SEED FIRST [event file ...]: each input is a function of the seed, its number and the
/// files, so a finding is made again by naming its number as the first.
int main(int count, char** words) {
  const double seconds = count > 1 ? std::atof(words[1]) : 60;
  const std::uint64_t seed = count > 2 ? std::strtoull(words[2], nullptr, 10) : 1;
  number = count > 3 ? std::strtoull(words[3], nullptr, 10) : 0;
  __sanitizer_set_death_callback(tell_number);
  std::vector<Input> corpus = seeds();
  for (int i = 4; i < count; ++i) {
    Input data = read_file(words[i]);
    data.resize(std::min<std::size_t>(data.size(), 5000));
    data.insert(data.begin(), {0, 200});
    corpus.push_back(std::move(data));
  }
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  double slowest = 0;
  for (;; ++number) {
    std::mt19937_64 random(seed * 1'000'003 + number);
    const auto below = [&](std::size_t limit) {
      return limit ? static_cast<std::size_t>(random() % limit) : 0;
    };
    Input data = corpus[below(corpus.size())];
    for (std::size_t splices = below(4); splices; --splices) {
      const Input& other = corpus[below(corpus.size())];
      data.insert(data.begin() + static_cast<std::ptrdiff_t>(below(data.size() + 1)), other.begin() + 2,
                  other.end());
    }
    for (std::size_t changes = below(12); changes && data.size() > 2; --changes) {
      const std::size_t at = below(data.size());
      const auto place = data.begin() + static_cast<std::ptrdiff_t>(at);
      switch (below(5)) {
        case 0: data[at] = static_cast<std::uint8_t>(random()); break;
        case 1: data[at] ^= static_cast<std::uint8_t>(1u << below(8)); break;
        case 2:
          data.erase(place,
                     place + static_cast<std::ptrdiff_t>(below(std::min<std::size_t>(data.size() - at, 20))));
          break;
        case 3: data.insert(place, below(20), static_cast<std::uint8_t>(random())); break;
        default: data[at] = static_cast<std::uint8_t>(below(2) ? 0xff : 0x80);
      }
    }
    if (number % 50'000 == 0) {
      std::printf("%llu inputs, slowest %.1f ms\n", static_cast<unsigned long long>(number), slowest * 1e3);
      std::fflush(stdout);
    }
    const auto start = std::clock();
    LLVMFuzzerTestOneInput(data.data(), data.size());
    slowest = std::max(slowest, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    require(slowest < 1, "an input takes less than a second of CPU, sanitizers included");
    if (std::chrono::duration<double>(Clock::now() - began).count() >= seconds) break;
  }
  std::printf("%llu inputs, slowest %.1f ms, no finding\n", static_cast<unsigned long long>(number + 1),
              slowest * 1e3);
  return 0;
}
#endif
