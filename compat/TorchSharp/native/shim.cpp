// The native half of the TorchSharp subset: a flat C interface to libtorch, the same for 1.13 and 2.x.
//
// Every ATen operator is reached through one function, nt_call: the operator is looked up by its schema name once, its arguments arrive as
// tagged values, go on the dispatcher's stack, and its results come back the same way. Autograd keys stay on, so gradients are recorded as
// they are for any other caller. What is no operator (memory, autograd, generators, threads, devices) has a function of its own below.
//
// A tensor is handed over as its TensorImpl*, which owns one reference; the undefined tensor is the null pointer.
// A function that can fail returns -1 (or null) and leaves its message in nt_error().

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

#include <malloc.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#define NT_API extern "C" __attribute__((visibility("default")))

namespace {

using c10::IValue;
using c10::TensorImpl;
using TensorPointer = c10::intrusive_ptr<TensorImpl, c10::UndefinedTensorImpl>;
using GeneratorPointer = c10::intrusive_ptr<c10::GeneratorImpl>;

enum Kind : int32_t { None, Tensor, Integer, Real, Boolean, Integers, Reals, Device, String, Tensors, Generator, Default };

struct Value {
  int32_t kind;
  int32_t count;  // of a list's items or a string's bytes; of a device: its index
  union {
    int64_t integer;
    double real;
    void* pointer;
  };
};
static_assert(sizeof(Value) == 16, "the managed side lays values out the same way");

struct Parameter {
  c10::TypeKind kind;
  bool optionalItems;
  bool hasDefault;
  IValue defaultValue;
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Parameter> parameters;
};

thread_local std::string error;

template <class Body>
auto guarded(Body body) noexcept -> decltype(body()) {
  try {
    return body();
  } catch (const c10::Error& e) {
    error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    error = e.what();
  } catch (...) {
    error = "libtorch threw something that is no exception";
  }
  return decltype(body())(-1);
}

at::Tensor borrow(void* tensor) {
  return tensor == nullptr ? at::Tensor() : at::Tensor(TensorPointer::reclaim_copy(static_cast<TensorImpl*>(tensor)));
}

void* give(at::Tensor tensor) {
  return tensor.defined() ? static_cast<void*>(tensor.unsafeReleaseTensorImpl()) : nullptr;
}

at::Generator borrowGenerator(void* generator) {
  return at::Generator(GeneratorPointer::reclaim_copy(static_cast<c10::GeneratorImpl*>(generator)));
}

c10::Device device(int32_t type, int32_t index) {
  return c10::Device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

std::vector<at::Tensor> borrowAll(void* const* tensors, int32_t count) {
  std::vector<at::Tensor> list;
  list.reserve(count);
  for (int32_t i = 0; i < count; ++i) list.push_back(borrow(tensors[i]));
  return list;
}

Parameter describe(const c10::Argument& argument) {
  auto type = argument.type();
  if (type->kind() == c10::TypeKind::OptionalType) type = type->expectRef<c10::OptionalType>().getElementType();
  Parameter parameter{type->kind(), false, argument.default_value().has_value(), IValue()};
  if (parameter.kind == c10::TypeKind::ListType)
    parameter.optionalItems = type->expectRef<c10::ListType>().getElementType()->kind() == c10::TypeKind::OptionalType;
  if (parameter.hasDefault) parameter.defaultValue = *argument.default_value();
  return parameter;
}

IValue toIValue(const Value& value, const Parameter& parameter) {
  switch (value.kind) {
    case None:
      return IValue();
    case Tensor:
      return value.pointer == nullptr && parameter.kind == c10::TypeKind::TensorType && parameter.hasDefault
          ? parameter.defaultValue : IValue(borrow(value.pointer));
    case Integer:
      return parameter.kind == c10::TypeKind::FloatType ? IValue(static_cast<double>(value.integer)) : IValue(value.integer);
    case Real:
      return IValue(value.real);
    case Boolean:
      return IValue(value.integer != 0);
    case Integers: {
      auto items = static_cast<const int64_t*>(value.pointer);
      return IValue(std::vector<int64_t>(items, items + value.count));
    }
    case Reals: {
      auto items = static_cast<const double*>(value.pointer);
      return IValue(std::vector<double>(items, items + value.count));
    }
    case Device:
      return IValue(device(static_cast<int32_t>(value.integer), value.count));
    case String:
      return IValue(std::string(static_cast<const char*>(value.pointer), value.count));
    case Tensors: {
      auto items = static_cast<void* const*>(value.pointer);
      if (!parameter.optionalItems) return IValue(borrowAll(items, value.count));
      c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
      for (int32_t i = 0; i < value.count; ++i) list.push_back(items[i] == nullptr ? IValue() : IValue(borrow(items[i])));
      return IValue(std::move(list));
    }
    case Generator:
      return value.pointer == nullptr ? IValue() : IValue(borrowGenerator(value.pointer));
    default:
      TORCH_CHECK(parameter.hasDefault, "an argument without default was left out");
      return parameter.defaultValue;
  }
}

Value toValue(const IValue& result) {
  Value value{None, 0, {0}};
  if (result.isTensor()) {
    value.kind = Tensor;
    value.pointer = give(result.toTensor());
  } else if (result.isInt()) {
    value.kind = Integer;
    value.integer = result.toInt();
  } else if (result.isDouble()) {
    value.kind = Real;
    value.real = result.toDouble();
  } else if (result.isBool()) {
    value.kind = Boolean;
    value.integer = result.toBool();
  } else if (result.isTensorList()) {
    auto list = result.toTensorVector();
    auto items = static_cast<void**>(std::malloc(sizeof(void*) * (list.size() + 1)));
    for (size_t i = 0; i < list.size(); ++i) items[i] = give(std::move(list[i]));
    value.kind = Tensors;
    value.count = static_cast<int32_t>(list.size());
    value.pointer = items;
  } else {
    TORCH_CHECK(result.isNone(), "a result of type ", result.tagKind(), " has no managed form");
  }
  return value;
}

// A training step allocates and frees the same large tensors over and over. By default glibc maps each anew and unmaps it afterwards, and
// the kernel clears every page again. Kept in the heap they are reused. The usual variables still have their way.
__attribute__((constructor)) void keepFreedMemory() {
  if (std::getenv("MALLOC_MMAP_THRESHOLD_") == nullptr) mallopt(M_MMAP_THRESHOLD, 32 << 20);
  if (std::getenv("MALLOC_TRIM_THRESHOLD_") == nullptr) mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

c10::impl::VirtualGuardImpl cuda() { return c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA); }

}  // namespace

// ---- operators

NT_API const char* nt_error() { return error.c_str(); }

NT_API void nt_free(void* memory) { std::free(memory); }

NT_API void* nt_operator(const char* name, const char* overload) {
  auto found = guarded([&]() -> intptr_t {
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    auto entry = new Operator{handle, {}};
    for (auto& argument : handle.schema().arguments()) entry->parameters.push_back(describe(argument));
    return reinterpret_cast<intptr_t>(entry);
  });
  return found == -1 ? nullptr : reinterpret_cast<void*>(found);
}

// Calls an operator; arguments that the caller leaves out at the end take the schema's defaults, so a caller written for an older
// libtorch still works on one whose operator has grown. Returns the number of results; stores at most `capacity` of them.
NT_API int32_t nt_call(void* operation, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
  static thread_local std::vector<IValue> stack;
  auto outcome = guarded([&]() -> int32_t {
    auto& target = *static_cast<Operator*>(operation);
    TORCH_CHECK(static_cast<size_t>(count) <= target.parameters.size(), target.handle.schema(), " takes fewer than ", count, " arguments");
    stack.clear();
    for (int32_t i = 0; i < count; ++i) stack.push_back(toIValue(arguments[i], target.parameters[i]));
    for (size_t i = count; i < target.parameters.size(); ++i) {
      TORCH_CHECK(target.parameters[i].hasDefault, target.handle.schema(), ": argument ", i, " is missing");
      stack.push_back(target.parameters[i].defaultValue);
    }
    target.handle.callBoxed(&stack);
    auto produced = static_cast<int32_t>(stack.size());
    for (int32_t i = 0; i < produced && i < capacity; ++i) results[i] = toValue(stack[i]);
    return produced;
  });
  stack.clear();
  return outcome;
}

// ---- tensors

NT_API void nt_retain(void* tensor) { c10::raw::intrusive_ptr::incref(static_cast<TensorImpl*>(tensor)); }

NT_API void nt_release(void* tensor) { c10::raw::intrusive_ptr::decref(static_cast<TensorImpl*>(tensor)); }

NT_API int64_t nt_dim(void* tensor) { return static_cast<TensorImpl*>(tensor)->dim(); }

NT_API int64_t nt_numel(void* tensor) { return static_cast<TensorImpl*>(tensor)->numel(); }

NT_API int32_t nt_dtype(void* tensor) {
  return static_cast<int32_t>(c10::typeMetaToScalarType(static_cast<TensorImpl*>(tensor)->dtype()));
}

NT_API void nt_sizes(void* tensor, int64_t* sizes) {
  auto source = static_cast<TensorImpl*>(tensor)->sizes();
  std::memcpy(sizes, source.data(), source.size() * sizeof(int64_t));
}

NT_API void nt_strides(void* tensor, int64_t* strides) {
  auto source = static_cast<TensorImpl*>(tensor)->strides();
  std::memcpy(strides, source.data(), source.size() * sizeof(int64_t));
}

NT_API int64_t nt_storage_offset(void* tensor) { return static_cast<TensorImpl*>(tensor)->storage_offset(); }

NT_API int64_t nt_element_size(void* tensor) { return static_cast<int64_t>(static_cast<TensorImpl*>(tensor)->itemsize()); }

NT_API int32_t nt_device_type(void* tensor) { return static_cast<int32_t>(static_cast<TensorImpl*>(tensor)->device().type()); }

NT_API int32_t nt_device_index(void* tensor) { return static_cast<TensorImpl*>(tensor)->device().index(); }

NT_API int32_t nt_is_contiguous(void* tensor) { return static_cast<TensorImpl*>(tensor)->is_contiguous(); }

NT_API void* nt_data(void* tensor) {
  auto data = guarded([&]() -> intptr_t { return reinterpret_cast<intptr_t>(borrow(tensor).data_ptr()); });
  return data == -1 ? nullptr : reinterpret_cast<void*>(data);
}

// A tensor over memory that somebody else owns; `release(context)` is called, on any thread, once the last reference is gone.
NT_API void* nt_from_memory(void* data, const int64_t* sizes, int32_t dim, int32_t dtype, void (*release)(void*), void* context) {
  auto made = guarded([&]() -> intptr_t {
    auto tensor = at::from_blob(data, at::IntArrayRef(sizes, dim), [release, context](void*) { release(context); },
        at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
    return reinterpret_cast<intptr_t>(give(std::move(tensor)));
  });
  return made == -1 ? nullptr : reinterpret_cast<void*>(made);
}

// ---- autograd

NT_API int32_t nt_requires_grad(void* tensor) { return borrow(tensor).requires_grad(); }

NT_API int32_t nt_set_requires_grad(void* tensor, int32_t requiresGrad) {
  return guarded([&] { borrow(tensor).requires_grad_(requiresGrad != 0); return 0; });
}

NT_API int32_t nt_is_leaf(void* tensor) { return borrow(tensor).is_leaf(); }

NT_API int32_t nt_retain_grad(void* tensor) {
  return guarded([&] { borrow(tensor).retain_grad(); return 0; });
}

// The gradient, or null where there is none.
NT_API void* nt_grad(void* tensor) { return give(borrow(tensor).grad()); }

NT_API int32_t nt_set_grad(void* tensor, void* gradient) {
  return guarded([&] { borrow(tensor).mutable_grad() = borrow(gradient); return 0; });
}

NT_API int32_t nt_backward(
    void* const* tensors, int32_t count, void* const* gradients, int32_t gradientCount, int32_t retainGraph, int32_t createGraph,
    void* const* inputs, int32_t inputCount) {
  return guarded([&] {
    torch::autograd::backward(borrowAll(tensors, count), borrowAll(gradients, gradientCount), retainGraph != 0, createGraph != 0,
        borrowAll(inputs, inputCount));
    return 0;
  });
}

// Gradients of the outputs with respect to each input, stored in `results` (null where an unused input has none).
NT_API int32_t nt_autograd_grad(
    void* const* outputs, int32_t count, void* const* inputs, int32_t inputCount, void* const* gradients, int32_t gradientCount,
    int32_t retainGraph, int32_t createGraph, int32_t allowUnused, void** results) {
  return guarded([&] {
    auto grads = torch::autograd::grad(borrowAll(outputs, count), borrowAll(inputs, inputCount), borrowAll(gradients, gradientCount),
        retainGraph != 0, createGraph != 0, allowUnused != 0);
    for (size_t i = 0; i < grads.size(); ++i) results[i] = give(std::move(grads[i]));
    return 0;
  });
}

NT_API int32_t nt_grad_enabled() { return at::GradMode::is_enabled(); }

NT_API void nt_set_grad_enabled(int32_t enabled) { at::GradMode::set_enabled(enabled != 0); }

// ---- generators

NT_API void* nt_default_generator(int32_t deviceType, int32_t deviceIndex) {
  auto found = guarded([&]() -> intptr_t {
    at::Generator generator = at::globalContext().defaultGenerator(device(deviceType, deviceIndex));
    return reinterpret_cast<intptr_t>(generator.unsafeReleaseGeneratorImpl());
  });
  return found == -1 ? nullptr : reinterpret_cast<void*>(found);
}

// A new generator of the device's kind: the default one's copy under another seed, which asks no backend's header for its class.
NT_API void* nt_generator(uint64_t seed, int32_t deviceType, int32_t deviceIndex) {
  auto made = guarded([&]() -> intptr_t {
    auto generator = at::globalContext().defaultGenerator(device(deviceType, deviceIndex)).clone();
    generator.set_current_seed(seed);
    return reinterpret_cast<intptr_t>(generator.unsafeReleaseGeneratorImpl());
  });
  return made == -1 ? nullptr : reinterpret_cast<void*>(made);
}

NT_API void nt_generator_release(void* generator) { GeneratorPointer::reclaim(static_cast<c10::GeneratorImpl*>(generator)); }

NT_API int64_t nt_generator_seed(void* generator) {
  auto target = borrowGenerator(generator);
  std::lock_guard<std::mutex> lock(target.mutex());
  return static_cast<int64_t>(target.current_seed());
}

NT_API int32_t nt_generator_set_seed(void* generator, uint64_t seed) {
  return guarded([&] {
    auto target = borrowGenerator(generator);
    std::lock_guard<std::mutex> lock(target.mutex());
    target.set_current_seed(seed);
    return 0;
  });
}

// A seed from the system's entropy, set and returned.
NT_API int64_t nt_generator_reseed(void* generator) {
  return guarded([&]() -> int64_t {
    auto target = borrowGenerator(generator);
    std::lock_guard<std::mutex> lock(target.mutex());
    return static_cast<int64_t>(target.seed());
  });
}

NT_API void* nt_generator_state(void* generator) {
  auto state = guarded([&]() -> intptr_t {
    auto target = borrowGenerator(generator);
    std::lock_guard<std::mutex> lock(target.mutex());
    return reinterpret_cast<intptr_t>(give(target.get_state()));
  });
  return state == -1 ? nullptr : reinterpret_cast<void*>(state);
}

NT_API int32_t nt_generator_set_state(void* generator, void* state) {
  return guarded([&] {
    auto target = borrowGenerator(generator);
    std::lock_guard<std::mutex> lock(target.mutex());
    target.set_state(borrow(state));
    return 0;
  });
}

NT_API int32_t nt_manual_seed(uint64_t seed) {
  return guarded([&] { at::globalContext(); at::manual_seed(seed); return 0; });
}

// ---- threads, devices, version

NT_API int32_t nt_num_threads() { return at::get_num_threads(); }

NT_API int32_t nt_set_num_threads(int32_t threads) {
  return guarded([&] { at::set_num_threads(threads); return 0; });
}

NT_API int32_t nt_num_interop_threads() { return static_cast<int32_t>(at::get_num_interop_threads()); }

NT_API int32_t nt_set_num_interop_threads(int32_t threads) {
  return guarded([&] { at::set_num_interop_threads(threads); return 0; });
}

NT_API int32_t nt_cuda_device_count() {
  return c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA) ? static_cast<int32_t>(cuda().deviceCount()) : 0;
}

NT_API int32_t nt_cuda_seed(uint64_t seed, int32_t deviceIndex) {
  return guarded([&] {
    auto generator = at::globalContext().defaultGenerator(device(static_cast<int32_t>(c10::DeviceType::CUDA), deviceIndex));
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(seed);
    return 0;
  });
}

NT_API int32_t nt_cuda_synchronize(int32_t deviceIndex) {
  return guarded([&] {
    at::detail::getCUDAHooks().deviceSynchronize(deviceIndex < 0 ? cuda().getDevice().index() : deviceIndex);
    return 0;
  });
}

NT_API const char* nt_torch_version() { return TORCH_VERSION; }
