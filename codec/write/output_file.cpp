#include "write/output_file.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#ifdef _WIN32
#include <io.h>
#include <process.h>
#else
#include <unistd.h>
#endif

#include "write/faults.h"

namespace cupola {
namespace {

std::atomic<double> clock_shift_s{0};
std::atomic<int> open_files{0};

/// Microseconds since 1970, later than every earlier answer in this process (and its parents up to their
/// fork).
std::int64_t next_instant_us() {
  static std::atomic<std::int64_t> last{0};
  auto now = static_cast<std::int64_t>(wall_time_now() * 1e6);
  auto seen = last.load();
  while (!last.compare_exchange_weak(seen, now > seen ? now : seen + 1)) {}
  return now > seen ? now : seen + 1;
}

std::string host_name() {
#ifdef _WIN32
  const char* name = std::getenv("COMPUTERNAME");
  return name && name[0] ? name : "localhost";
#else
  char name[256] = "";
  if (::gethostname(name, sizeof name - 1) != 0 || !name[0]) return "localhost";
  return name;
#endif
}

std::filesystem::path system_path(const std::string& bytes) {
#ifdef _WIN32
  return std::filesystem::u8path(bytes);
#else
  return bytes;
#endif
}

int open_to_append(const std::string& path, bool make) {
#ifdef _WIN32
  int flags = _O_WRONLY | _O_APPEND | _O_BINARY | _O_NOINHERIT | (make ? _O_CREAT | _O_EXCL : 0);
  int descriptor = ::_wopen(system_path(path).c_str(), flags, _S_IREAD | _S_IWRITE);
#else
  int flags = O_WRONLY | O_APPEND | O_CLOEXEC | (make ? O_CREAT | O_EXCL : 0);
  int descriptor = ::open(path.c_str(), flags, 0666);
#endif
  if (descriptor >= 0) ++open_files;
  return descriptor;
}

}  // namespace

int process_id() {
#ifdef _WIN32
  return ::_getpid();
#else
  return static_cast<int>(::getpid());
#endif
}

void shift_wall_clock(double seconds) { clock_shift_s = seconds; }

double wall_time_now() {
  double shift_s = clock_shift_s.load(std::memory_order_relaxed);
#ifdef _WIN32
  return shift_s + std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
#else
  timespec now;
  ::clock_gettime(CLOCK_REALTIME, &now);
  return shift_s + static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
#endif
}

int OutputFile::create(const std::string& directory, const std::string& suffix) {
  close();
  bool made_directory = false;
  for (int attempt = 0; attempt < 10000; ++attempt) {
    auto instant = next_instant_us();
    char seconds[32], rest[64];
    std::snprintf(seconds, sizeof seconds, "%010lld", static_cast<long long>(instant / 1000000));
    std::snprintf(rest, sizeof rest, ".%06lld.%d", static_cast<long long>(instant % 1000000), process_id());
    path_ = directory + "/events.out.tfevents." + seconds + "." + host_name() + rest + suffix;
    descriptor_ = open_to_append(path_, true);
    size_ = 0;
    if (descriptor_ >= 0) return 0;
    int error = errno;
    if (error == EEXIST || error == EINTR) continue;
    if (error != ENOENT || made_directory) return error;
    std::error_code failure;
    std::filesystem::create_directories(system_path(directory), failure);
    if (failure) return failure.default_error_condition().value();
    made_directory = true;
  }
  return EEXIST;
}

std::size_t OutputFile::write(const std::uint8_t* data, std::size_t size, int& error) {
  std::size_t written = 0, stop = size;
  int injected = next_fault(Call::kWrite);
  if (injected) stop = size / 2;
  while (written < stop) {
#ifdef _WIN32
    auto count = ::_write(descriptor_, data + written, static_cast<unsigned>(stop - written));
#else
    auto count = ::write(descriptor_, data + written, stop - written);
#endif
    if (count > 0) {
      written += static_cast<std::size_t>(count);
    } else if (count == 0) {
      error = EIO;
      break;
    } else if (errno != EINTR) {
      error = errno;
      break;
    }
  }
  if (injected) error = injected;
  size_ += static_cast<std::int64_t>(written);
  return written;
}

void OutputFile::cut_back(std::size_t count) {
  size_ -= static_cast<std::int64_t>(count);
#ifdef _WIN32
  if (::_filelengthi64(descriptor_) == size_ + static_cast<std::int64_t>(count))
    static_cast<void>(::_chsize_s(descriptor_, size_));
#else
  struct stat status;
  if (::fstat(descriptor_, &status) != 0 || status.st_size != size_ + static_cast<std::int64_t>(count))
    return;
  while (::ftruncate(descriptor_, size_) != 0 && errno == EINTR) {}
#endif
}

bool OutputFile::unlinked() const {
#ifdef _WIN32
  return false;  // an open file cannot be removed there
#else
  struct stat status;
  return descriptor_ >= 0 && ::fstat(descriptor_, &status) == 0 && status.st_nlink == 0;
#endif
}

int OutputFile::suspend() {
  if (descriptor_ < 0 || open_files <= kMaxOpen) return 0;
  int error = close();
  is_suspended_ = error == 0;
  return error;
}

int OutputFile::resume() {
  descriptor_ = open_to_append(path_, false);
  if (descriptor_ < 0) return errno;
  is_suspended_ = false;
  return 0;
}

void OutputFile::remove() {
  close();
  std::error_code ignored;
  std::filesystem::remove(system_path(path_), ignored);
}

int OutputFile::close() {
  is_suspended_ = false;
  if (descriptor_ < 0) return 0;
  --open_files;
  int injected = next_fault(Call::kClose);
#ifdef _WIN32
  int error = ::_close(descriptor_) == 0 ? 0 : errno;
#else
  int error = ::close(descriptor_) == 0 ? 0 : errno;
#endif
  descriptor_ = -1;
  if (injected) return injected;
  return error == EINTR ? 0 : error;  // the descriptor is free all the same, and what it held goes on its way
}

}  // namespace cupola
