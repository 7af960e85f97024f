namespace TorchSharp;

public static partial class torch
{
    /// <summary>A place for tensors: the CPU, or a GPU by its number.</summary>
    public class Device
    {
        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = (deviceType, index);

        public Device(string deviceType, int index = -1) => (type, this.index) = (TypeNamed(deviceType), index);

        /// <param name="description">"cpu", "cuda" or "cuda:1".</param>
        public Device(string description)
        {
            var parts = description.Split(':');
            var number = -1;
            if (parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], out number)))
                throw new ArgumentException($"'{description}' is no device: give a type, or a type and a number, as in 'cpu' or 'cuda:1'.", nameof(description));
            (type, index) = (TypeNamed(parts[0]), number);
        }

        /// <summary>The GPU of a number.</summary>
        public Device(int index) => (type, this.index) = (DeviceType.CUDA, index);

        public DeviceType type { get; }

        /// <summary>The number of the GPU; -1 is the current one, and all that there is of the CPU.</summary>
        public int index { get; }

        public override string ToString() => type == DeviceType.CPU || index < 0 ? Name : $"{Name}:{index}";

        private string Name => type switch { DeviceType.CPU => "cpu", DeviceType.CUDA => "cuda", _ => "meta" };

        public static implicit operator Device(string description) => new(description);

        private static DeviceType TypeNamed(string name) => name.Trim() switch
        {
            var n when n.Equals("cpu", StringComparison.OrdinalIgnoreCase) => DeviceType.CPU,
            var n when n.Equals("cuda", StringComparison.OrdinalIgnoreCase) => DeviceType.CUDA,
            var n when n.Equals("meta", StringComparison.OrdinalIgnoreCase) => DeviceType.META,
            _ => throw new ArgumentException($"'{name}' is no device type known here: use 'cpu' or 'cuda'.", nameof(name)),
        };
    }

    public static readonly Device CPU = new(DeviceType.CPU);

    private static Device s_defaultDevice = CPU;

    /// <summary>The current GPU.</summary>
    /// <exception cref="InvalidOperationException">This libtorch sees no GPU.</exception>
    public static Device CUDA => InitializeDevice(new Device(DeviceType.CUDA));

    public static Device device(string description) => InitializeDevice(new Device(description));

    public static Device device(string deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));

    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));

    public static Device device(int index) => new(index);

    public static Device get_default_device() => s_defaultDevice;

    public static void set_default_device(Device device) => s_defaultDevice = InitializeDevice(device);

    public static void set_default_device(string device) => set_default_device(new Device(device));

    /// <summary>Whether this libtorch has devices of a type.</summary>
    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType is not DeviceType.CUDA || cuda.is_available();

    /// <exception cref="InvalidOperationException">This libtorch has no devices of the type.</exception>
    public static void InitializeDeviceType(DeviceType deviceType) => InitializeDevice(new Device(deviceType));

    /// <summary>The device, or the default one for none.</summary>
    /// <exception cref="InvalidOperationException">It is a GPU and this libtorch sees none.</exception>
    public static Device InitializeDevice(Device? device)
    {
        device ??= s_defaultDevice;
        if (!TryInitializeDeviceType(device.type))
            throw new InvalidOperationException("CUDA is not available: this libtorch was built without it, or sees no GPU.");
        return device;
    }
}
