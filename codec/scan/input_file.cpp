#include "scan/input_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#if defined(_WIN32)
#define NOMINMAX
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace cupola {
namespace {

[[noreturn]] void fail(int error) { throw std::system_error(error, std::generic_category()); }

#if defined(_WIN32)

[[noreturn]] void fail_by_windows() {
  // Python knows errnos; the ones that matter are told apart, the rest is EIO.
  switch (GetLastError()) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND: fail(ENOENT);
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION: fail(EACCES);
    default: fail(EIO);
  }
}

HANDLE handle_of(std::intptr_t handle) { return reinterpret_cast<HANDLE>(handle); }

std::uint64_t joined(DWORD high, DWORD low) { return static_cast<std::uint64_t>(high) << 32 | low; }

std::intptr_t open_file(const std::string& path) {
  std::wstring wide(MultiByteToWideChar(CP_UTF8, 0, path.data(), static_cast<int>(path.size()), nullptr, 0),
                    L'\0');
  MultiByteToWideChar(CP_UTF8, 0, path.data(), static_cast<int>(path.size()), wide.data(),
                      static_cast<int>(wide.size()));
  HANDLE handle =
      CreateFileW(wide.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                  OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (handle == INVALID_HANDLE_VALUE) fail_by_windows();
  if (GetFileType(handle) != FILE_TYPE_DISK) {
    CloseHandle(handle);
    fail(EINVAL);
  }
  return reinterpret_cast<std::intptr_t>(handle);
}
#else

#if defined(__APPLE__)
#define CUPOLA_MTIM st_mtimespec
#define CUPOLA_CTIM st_ctimespec
#else
#define CUPOLA_MTIM st_mtim
#define CUPOLA_CTIM st_ctim
#endif

FileStatus as_status(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) fail(S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
  const auto nanoseconds = [](const timespec& time) {
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
  };
  return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
          static_cast<std::uint64_t>(status.st_size), nanoseconds(status.CUPOLA_MTIM),
          nanoseconds(status.CUPOLA_CTIM)};
}

int open_file(const std::string& path) {
  for (;;) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (descriptor >= 0) return descriptor;
    if (errno != EINTR) fail(errno);
  }
}
#endif

}  // namespace

#if defined(_WIN32)

InputFile::InputFile(const std::string& path) : handle_(open_file(path)) {}

InputFile::~InputFile() { CloseHandle(handle_of(handle_)); }

FileStatus InputFile::status() const {
  BY_HANDLE_FILE_INFORMATION information;
  if (!GetFileInformationByHandle(handle_of(handle_), &information)) fail_by_windows();
  constexpr std::int64_t k1970 = 116'444'736'000'000'000;  // in 100 ns since 1601, as Windows counts
  const auto written = static_cast<std::int64_t>(
      joined(information.ftLastWriteTime.dwHighDateTime, information.ftLastWriteTime.dwLowDateTime));
  return {information.dwVolumeSerialNumber, joined(information.nFileIndexHigh, information.nFileIndexLow),
          joined(information.nFileSizeHigh, information.nFileSizeLow), (written - k1970) * 100, 0};
}

FileStatus status_of(const std::string& path) { return InputFile(path).status(); }

std::size_t InputFile::read(std::uint8_t* out, std::size_t size, std::uint64_t offset) const {
  std::size_t done = 0;
  while (done < size) {
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset + done);
    place.OffsetHigh = static_cast<DWORD>((offset + done) >> 32);
    DWORD count = 0;
    const auto wanted = static_cast<DWORD>(std::min<std::size_t>(size - done, 1u << 30));
    if (!ReadFile(handle_of(handle_), out + done, wanted, &count, &place) &&
        GetLastError() != ERROR_HANDLE_EOF)
      fail_by_windows();
    if (count == 0) break;
    done += count;
  }
  return done;
}
#else

InputFile::InputFile(const std::string& path) : handle_(open_file(path)) {
  try {
    status();
  } catch (...) {
    ::close(static_cast<int>(handle_));
    throw;
  }
}

InputFile::~InputFile() { ::close(static_cast<int>(handle_)); }

FileStatus InputFile::status() const {
  struct stat status;
  if (::fstat(static_cast<int>(handle_), &status) != 0) fail(errno);
  return as_status(status);
}

FileStatus status_of(const std::string& path) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) fail(errno);
  return as_status(status);
}

std::size_t InputFile::read(std::uint8_t* out, std::size_t size, std::uint64_t offset) const {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count =
        ::pread(static_cast<int>(handle_), out + done, std::min<std::size_t>(size - done, 1u << 30),
                static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}
#endif

namespace {

constexpr std::size_t kBlock = 256 << 10;  // stays in the second-level cache

/// A block that a window of this thread is done with: fresh memory for each would cost more than to parse it.
thread_local std::unique_ptr<std::uint8_t[]> spare_block;

}  // namespace

Window::Window(const InputFile& file, std::uint64_t limit) : file_(file), limit_(limit) {
  if (limit < kBlock || !spare_block) return;
  buffer_ = std::move(spare_block);
  capacity_ = kBlock;
}

Window::~Window() {
  if (capacity_ == kBlock) spare_block = std::move(buffer_);
}

Bytes Window::at(std::uint64_t offset, std::size_t wanted) {
  if (offset >= limit_) return {};
  wanted = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, limit_ - offset));
  const bool inside = offset >= base_ && offset <= base_ + size_;
  if (!inside || base_ + size_ - offset < wanted) {
    const std::size_t kept = inside ? static_cast<std::size_t>(base_ + size_ - offset) : 0;
    const auto room =
        static_cast<std::size_t>(std::min<std::uint64_t>(std::max(wanted, kBlock), limit_ - offset));
    if (room > capacity_) {
      // As far as it goes without asking the file again: one allocation for a whole scan of a long file.
      const std::size_t capacity =
          room <= kBlock ? static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, limit_ - offset)) : room;
      std::unique_ptr<std::uint8_t[]> larger(new std::uint8_t[capacity]);
      if (kept) std::memcpy(larger.get(), buffer_.get() + (offset - base_), kept);
      buffer_ = std::move(larger);
      capacity_ = capacity;
    } else if (kept) {
      std::memmove(buffer_.get(), buffer_.get() + (offset - base_), kept);
    }
    base_ = offset;
    size_ = kept;
    size_ += file_.read(buffer_.get() + kept, room - kept, offset + kept);
    if (size_ < room) limit_ = base_ + size_;  // the file was cut while we read it
  }
  return {buffer_.get() + (offset - base_), static_cast<std::size_t>(base_ + size_ - offset)};
}

}  // namespace cupola
