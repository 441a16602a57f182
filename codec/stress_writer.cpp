// Hammers the writer under sanitizers: threads that log, wait, flush, close and reopen, storage that fails
// and stalls, signals, and forks whose children log. `make sanitize` builds it; tests/codec/test_stress.py
// too.
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "format/event.h"
#include "format/record.h"
#include "write/faults.h"
#include "write/writer.h"

namespace {

using cupola::Bytes;
using cupola::Writer;
using Outcome = Writer::Outcome;
using Clock = std::chrono::steady_clock;

constexpr int kThreads = 6;

/// The exit status of a child whose storage was so slow that the writer took a thread for it, which
/// ThreadSanitizer does not allow there.
#ifdef __SANITIZE_THREAD__
constexpr int kNoThread = 66;
#else
constexpr int kNoThread = 0;
#endif

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

std::atomic<bool> is_over{false};
std::atomic<long> signals{0};

void count_signal(int) { signals.fetch_add(1, std::memory_order_relaxed); }

/// The writer that is in use, and all that were: as Python's, which takes another one after a close.
class Session {
 public:
  explicit Session(std::string directory) : directory_(std::move(directory)) { reopen(nullptr); }

  std::shared_ptr<Writer> current() {
    std::lock_guard lock(mutex_);
    return writers_.back();
  }

  void reopen(const std::shared_ptr<Writer>& closed) {
    std::lock_guard lock(mutex_);
    if (!writers_.empty() && writers_.back() != closed) return;
    cupola::WriterOptions options;
    options.directory = directory_;
    options.max_bytes = 1u << 20;
    options.interval_s = 0.01;
    writers_.push_back(std::make_shared<Writer>(options));
    if (writers_.size() % 2) writers_.back()->open();
  }

  const std::vector<std::shared_ptr<Writer>>& all() const { return writers_; }

 private:
  const std::string directory_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Writer>> writers_;
};

std::string payload(std::mt19937_64& random) {
  std::size_t size = random() % 100 ? random() % 2000 : random() % 2'000'000;
  return "\xff" + std::string(size, 'x');  // no `Event`, but the writer does not mind
}

void log_scalar(Session& session, std::int64_t step) {
  for (int tries = 0; tries < 10; ++tries) {
    auto writer = session.current();
    auto outcome = writer->scalar("tag", 0.5f, step, 1.7e9, false);
    if (outcome == Outcome::kMustWait) outcome = writer->scalar("tag", 0.5f, step, 1.7e9, true);
    if (outcome == Outcome::kHandOver) writer->hand_over();
    if (outcome != Outcome::kRefused) return;
    if (!writer->take_warnings()) session.reopen(writer);
  }
}

void log_event(Session& session, const std::string& event) {
  for (int tries = 0; tries < 10; ++tries) {
    auto writer = session.current();
    auto outcome = writer->event(event, 0.005);
    if (outcome == Outcome::kNoRoom) return writer->drop(event);
    if (outcome != Outcome::kRefused) return;
    if (!writer->take_warnings()) session.reopen(writer);
  }
}

void hammer(Session& session, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (std::int64_t step = 0; !is_over; ++step) {
    auto writer = session.current();
    switch (random() % 60) {
      case 0: writer->wait(writer->mark(), 0.01); break;
      case 1: writer->report(); break;
      case 2: writer->path(); break;
      case 3: writer->set_write_through(); break;
      case 4: writer->take_warnings(); break;
      case 5: writer->stored_bytes(); break;
      case 6:
        if (random() % 6) break;
        writer->close(0.001);
        session.reopen(writer);
        break;
      case 7:
        if (random() % 500 == 0) writer->abandon();
        break;
      case 8: std::this_thread::sleep_for(std::chrono::milliseconds(1)); break;
      default:
        if (random() % 4) {
          log_scalar(session, step);
        } else {
          log_event(session, payload(random));
        }
    }
  }
}

void fail_now_and_then(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const int errors[] = {0, ENOSPC, EIO, EFBIG, EDQUOT};
  while (!is_over) {
    auto call = random() % 4 ? cupola::Call::kWrite : cupola::Call::kClose;
    cupola::inject_fault(call, 1 + random() % 20, errors[random() % 5], 1 + random() % 5,
                         0.0005 * (random() % 8));
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 20));
  }
  cupola::inject_fault(cupola::Call::kWrite, 0, 0, 0, 0);
  cupola::inject_fault(cupola::Call::kClose, 0, 0, 0, 0);
}

/// A child has none of the parent's threads, and the parent's locks may be held in it for ever: it makes a
/// writer of its own, which writes within the call.
void fork_child(const std::string& directory) {
  const pid_t child = ::fork();
  require(child >= 0, "fork works");
  if (child == 0) {
    ::signal(SIGALRM, SIG_DFL);
    ::alarm(30);
    cupola::WriterOptions options;
    options.directory = directory;
    options.write_through = true;
    auto writer = std::make_shared<Writer>(options);
    for (int step = 0; step < 20; ++step) writer->scalar("child", 1.0f, step, 1.7e9, true);
    writer->close(5);
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) require(errno == EINTR, "the child can be waited for");
  require(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == kNoThread),
          "a forked child logs and ends");
}

/// Records that are neither a file's first event nor a note of the writer's. Every byte belongs to a whole
/// one.
std::uint64_t count_records(const std::filesystem::path& path) {
  std::vector<std::uint8_t> data(std::filesystem::file_size(path));
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(data.data()), static_cast<std::streamsize>(data.size()));
  std::uint64_t count = 0;
  for (Bytes rest(data); !rest.empty();) {
    Bytes body;
    require(cupola::read_record(rest, body, rest.size()) == cupola::Frame::whole, "every record is whole");
    cupola::Event event;
    const bool is_own = cupola::parse_event(body, event) &&
                        (event.kind == cupola::kFileVersion || event.kind == cupola::kLogMessage);
    count += !is_own;
    rest = rest.subspan(body.size() + cupola::kFrameBytes);
  }
  return count;
}

std::uint64_t records_in(const std::string& directory) {
  std::uint64_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    count += count_records(entry.path());
  return count;
}

}  // namespace

/// stress_writer SECONDS SEED DIRECTORY
int main(int count, char** words) {
  const double seconds = count > 1 ? std::atof(words[1]) : 10;
  const std::uint64_t seed = count > 2 ? std::strtoull(words[2], nullptr, 10) : 1;
  const std::string directory = count > 3 ? words[3] : "stress";
  struct sigaction action{};
  action.sa_handler = count_signal;  // without SA_RESTART: calls are interrupted
  ::sigaction(SIGALRM, &action, nullptr);

  Session session(directory + "/parent");
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(hammer, std::ref(session), seed * 1000 + i);
  threads.emplace_back(fail_now_and_then, seed);
  const itimerval often{{0, 2000}, {0, 2000}}, never{};
  ::setitimer(ITIMER_REAL, &often, nullptr);
  int forks = 0;
  for (const auto began = Clock::now(); Clock::now() - began < cupola::ticks(seconds); ++forks) {
    fork_child(directory + "/child");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  is_over = true;
  for (std::thread& thread : threads) thread.join();
  ::setitimer(ITIMER_REAL, &never, nullptr);

  std::uint64_t accepted = 0, written = 0, dropped = 0, refused = 0;
  for (const auto& writer : session.all()) {
    while (!writer->close(1.0)) {}
    const auto report = writer->report();
    require(report.accepted == report.written + report.dropped.total() - report.refused,
            "what was taken is written, or counted as dropped");
    accepted += report.accepted;
    written += report.written;
    dropped += report.dropped.total();
    refused += report.refused;
  }
  require(records_in(directory + "/parent") == written,
          "what counts as written is in the files, and no more");
  require(accepted > 0 && forks > 0 && signals > 0, "something happened");
  std::printf("%zu writers took %llu records, wrote %llu, dropped %llu; %d forks, %ld signals; no finding\n",
              session.all().size(), static_cast<unsigned long long>(accepted),
              static_cast<unsigned long long>(written), static_cast<unsigned long long>(dropped), forks,
              signals.load());
  return 0;
}
