// The part of the encoding queue that no signal handler, interrupt, finalizer or other thread may get into:
// each method is one call of C, and none of them waits.
#include "module_jobs.h"

#include <nanobind/stl/optional.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace nb = nanobind;

namespace {

using Clock = std::chrono::steady_clock;

struct Job {
  nb::object job;
  std::size_t nbytes = 0;
};

/// Jobs in the order in which they came, who does them, and the counts of both. Python objects are let go
/// only without the mutex: their finalizers may come back.
class JobQueue {
 public:
  explicit JobQueue(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  /// Nothing if there is no room; else whether a thread does the job. `start` starts one where none runs.
  std::optional<bool> put(nb::object job, std::size_t nbytes, nb::handle ring, nb::handle start, bool must) {
    bool starts;
    {
      Lock lock(mutex_);
      if (!must && bytes_ && bytes_ + nbytes > max_bytes_) return std::nullopt;
      jobs_.push_back({std::move(job), nbytes});
      bytes_ += nbytes;
      ++submitted_;
      starts = !running_ && !start.is_none();
      if (!running_ && !starts) return false;
      running_ = true;
    }
    try {
      if (starts) start();
      ring(nb::none());
    } catch (nb::python_error& error) {  // no more threads, or the interpreter ends
      error.restore();
      PyErr_Clear();
      if (!starts) return true;  // it looks by itself before it ends
      Lock lock(mutex_);
      running_ = false;
      return false;
    }
    return true;
  }

  /// The thread may end: nothing waits. From then on another is started for what comes.
  bool retire() {
    Lock lock(mutex_);
    if (jobs_.empty()) running_ = false;
    return jobs_.empty();
  }

  /// No further job begins until `resume`, or for that long if that never comes.
  void pause(double seconds) {
    Lock lock(mutex_);
    ++pauses_;
    paused_until_ =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }

  void resume() {
    Lock lock(mutex_);
    if (pauses_) --pauses_;
  }

  /// Takes out everything that waits.
  nb::list abandon() {
    std::deque<Job> jobs;
    {
      Lock lock(mutex_);
      jobs.swap(jobs_);
      for (Job& job : jobs) bytes_ -= job.nbytes;
      done_ += jobs.size();
    }
    return to_list(jobs);
  }

  /// Jobs that ended by an interrupt since the last call.
  nb::list interrupted() {
    std::deque<Job> jobs;
    {
      Lock lock(mutex_);
      jobs.swap(interrupted_);
    }
    return to_list(jobs);
  }

  bool is_worker() {
    Lock lock(mutex_);
    return depth_ && worker_ == std::this_thread::get_id();
  }

  /// Whether another thread is within a job.
  bool busy() {
    Lock lock(mutex_);
    return depth_ && worker_ != std::this_thread::get_id();
  }

  bool running() {
    Lock lock(mutex_);
    return running_;
  }

  std::size_t waiting() {
    Lock lock(mutex_);
    return jobs_.size();
  }

  std::uint64_t submitted() {
    Lock lock(mutex_);
    return submitted_;
  }

  std::uint64_t done() {
    Lock lock(mutex_);
    return done_;
  }

  /// The next job, if this thread may do it now: one thread at a time, which may come back within a job.
  std::optional<Job> begin() {
    Lock lock(mutex_);
    auto self = std::this_thread::get_id();
    bool is_within = depth_ && worker_ == self;
    if (jobs_.empty() || depth_ == kDeepest || (depth_ && !is_within) || (!is_within && is_paused()))
      return std::nullopt;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    worker_ = self;
    ++depth_;
    return job;
  }

  void end(Job job, bool interrupted) {
    Lock lock(mutex_);
    bytes_ -= job.nbytes;
    ++done_;
    --depth_;
    if (interrupted) interrupted_.push_back(std::move(job));
    lock.unlock();
  }

 private:
  using Lock = std::unique_lock<std::mutex>;
  static constexpr int kDeepest = 4;  // jobs within jobs: one that flushes, by a finalizer or a handler

  static nb::list to_list(std::deque<Job>& jobs) {
    nb::list list;
    for (Job& job : jobs) list.append(std::move(job.job));
    return list;
  }

  bool is_paused() {
    if (pauses_ && Clock::now() >= paused_until_) pauses_ = 0;
    return pauses_ > 0;
  }

  const std::size_t max_bytes_;
  std::mutex mutex_;  // of all below
  std::deque<Job> jobs_, interrupted_;
  std::size_t bytes_ = 0;  // of the jobs that are not done
  std::uint64_t submitted_ = 0, done_ = 0;
  bool running_ = false;  // there is a thread
  std::thread::id worker_;
  int depth_ = 0;  // how many jobs the worker is within
  int pauses_ = 0;
  Clock::time_point paused_until_;
};

/// One job, from its beginning to its end: a context manager, since Python interrupts none between its body
/// and its end.
class Turn {
 public:
  explicit Turn(JobQueue& queue) : queue_(queue) {}

  nb::object enter() {
    if (!job_) job_ = queue_.begin();
    return job_ ? job_->job : nb::none();
  }

  void exit(nb::args arguments) {
    if (!job_) return;
    Job job = std::move(*job_);
    job_.reset();
    queue_.end(std::move(job), arguments.size() > 0 && !arguments[0].is_none());
  }

 private:
  JobQueue& queue_;
  std::optional<Job> job_;
};

}  // namespace

void bind_jobs(nb::module_& module) {
  nb::class_<Turn>(module, "Turn").def("__enter__", &Turn::enter).def("__exit__", &Turn::exit);
  nb::class_<JobQueue>(module, "JobQueue")
      .def(nb::init<std::size_t>(), nb::arg("max_bytes"))
      .def("put", &JobQueue::put, nb::arg("job"), nb::arg("nbytes"), nb::arg("ring"), nb::arg("start").none(),
           nb::arg("must") = false)
      .def(
          "turn", [](JobQueue& self) { return new Turn(self); }, nb::keep_alive<0, 1>())
      .def("retire", &JobQueue::retire)
      .def("pause", &JobQueue::pause, nb::arg("seconds"))
      .def("resume", &JobQueue::resume)
      .def("abandon", &JobQueue::abandon)
      .def("interrupted", &JobQueue::interrupted)
      .def_prop_ro("is_worker", &JobQueue::is_worker)
      .def_prop_ro("busy", &JobQueue::busy)
      .def_prop_ro("running", &JobQueue::running)
      .def_prop_ro("waiting", &JobQueue::waiting)
      .def_prop_ro("submitted", &JobQueue::submitted)
      .def_prop_ro("done", &JobQueue::done);
}
