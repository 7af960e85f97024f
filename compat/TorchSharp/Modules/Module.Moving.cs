using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Moving to another device or element type. A parameter that changes is another object afterwards: make optimisers after moving.
        public partial class Module
        {
            private Device _device = CPU;

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                _toEpilog(dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking) => _to(other.device, other.dtype, non_blocking);

            protected void _toEpilog(ScalarType dtype, bool non_blocking)
            {
                foreach (var (_, child) in named_children()) child._to(dtype, non_blocking);
                Move(dtype, null, non_blocking);
            }

            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                foreach (var (_, child) in named_children()) child._to(deviceType, deviceIndex, non_blocking);
                Move(null, new Device(deviceType, deviceIndex), non_blocking);
            }

            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking)
            {
                foreach (var (_, child) in named_children()) child._to(device, dtype, non_blocking);
                Move(dtype, device, non_blocking);
            }

            private void Move(ScalarType? dtype, Device? device, bool non_blocking)
            {
                if (dtype is { } wanted && !is_floating_point(wanted) && !is_complex(wanted))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={wanted}");
                if (device is not null) InitializeDevice(device);

                using var untracked = no_grad();
                foreach (var (name, parameter) in _parametersByName.ToArray())
                {
                    if (parameter.IsInvalid || !Changes(parameter, dtype, device)) continue;
                    var moved = (Parameter)new Parameter(Moved(parameter, dtype, device, non_blocking), parameter.requires_grad).DetachFromDisposeScope();
                    using (var gradient = parameter.grad?.DetachFromDisposeScope())
                    {
                        if (gradient is not null) moved.grad = Moved(gradient, dtype, device, non_blocking);
                    }
                    Replace(name, parameter, moved);
                    ConditionallyRegisterParameter(name, moved);
                }
                foreach (var (name, buffer, persistent) in _buffersByName.ToArray())
                {
                    if (buffer.IsInvalid || !Changes(buffer, dtype, device)) continue;
                    var moved = Moved(buffer, dtype, device, non_blocking).DetachFromDisposeScope();
                    Replace(name, buffer, moved);
                    ConditionallyRegisterBuffer(name, moved, persistent);
                }
                _device = device ?? _device;
            }

            /// <summary>Whole numbers, such as counters, keep their type.</summary>
            private static ScalarType TypeAfter(Tensor tensor, ScalarType? dtype) =>
                dtype is { } wanted && (tensor.is_floating_point() || tensor.is_complex()) ? wanted : tensor.dtype;

            private static bool Changes(Tensor tensor, ScalarType? dtype, Device? device) =>
                TypeAfter(tensor, dtype) != tensor.dtype
                || (device is not null && (device.type != tensor.device_type || (device.index >= 0 && device.index != tensor.device_index)));

            private static Tensor Moved(Tensor tensor, ScalarType? dtype, Device? device, bool non_blocking) =>
                tensor.to(TypeAfter(tensor, dtype), device ?? tensor.device, non_blocking: non_blocking);

            private void Replace(string name, Tensor old, Tensor moved)
            {
                foreach (var field in FieldsOf(this))
                {
                    if (ComponentName(field) == name && ReferenceEquals(field.GetValue(this), old)) field.SetValue(this, moved);
                }
                old.Dispose();
            }
        }
    }
}
