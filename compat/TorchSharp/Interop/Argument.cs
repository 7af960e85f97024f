using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The kinds of value that cross to libtorch; the order is the shim's.</summary>
internal enum Kind { None, Tensor, Integer, Real, Boolean, Integers, Reals, Device, String, Tensors, Generator, Default }

/// <summary>A value as the shim sees it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Value
{
    internal Kind Kind;
    internal int Count;
    internal long Bits;
}

/// <summary>An argument of an operator call. Anything that an ATen schema asks for converts to one; a null reference is the schema's None.</summary>
internal readonly struct Argument
{
    internal readonly object? Reference;
    internal readonly long Bits;
    internal readonly Kind Kind;
    internal readonly int Count;

    private Argument(Kind kind, long bits, int count = 0) => (Kind, Bits, Count) = (kind, bits, count);

    private Argument(Kind kind, object? reference, int count = 0) => (Kind, Reference, Count) = (reference is null ? Kind.None : kind, reference, count);

    /// <summary>The schema's own default.</summary>
    internal static Argument Default => new(Kind.Default, 0L);

    internal static Argument None => default;

    public static implicit operator Argument(torch.Tensor? tensor) => new(Kind.Tensor, tensor);
    public static implicit operator Argument(torch.Tensor?[]? tensors) => new(Kind.Tensors, tensors, tensors?.Length ?? 0);
    public static implicit operator Argument(torch.Generator? generator) => new(Kind.Generator, generator);
    public static implicit operator Argument(long integer) => new(Kind.Integer, integer);
    public static implicit operator Argument(long? integer) => integer is { } value ? value : None;
    public static implicit operator Argument(double real) => new(Kind.Real, BitConverter.DoubleToInt64Bits(real));
    public static implicit operator Argument(double? real) => real is { } value ? value : None;
    public static implicit operator Argument(bool boolean) => new(Kind.Boolean, boolean ? 1L : 0L);
    public static implicit operator Argument(long[]? integers) => new(Kind.Integers, integers, integers?.Length ?? 0);
    public static implicit operator Argument(ReadOnlySpan<long> integers) => integers.ToArray();
    public static implicit operator Argument(double[]? reals) => new(Kind.Reals, reals, reals?.Length ?? 0);
    public static implicit operator Argument(string? text) => new(Kind.String, text, text is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(text));
    public static implicit operator Argument(torch.ScalarType type) => (long)type;
    public static implicit operator Argument(torch.ScalarType? type) => type is { } value ? value : None;
    public static implicit operator Argument(torch.Device? device) => device is null ? None : new(Kind.Device, (long)device.type, device.index);
    public static implicit operator Argument(Scalar? scalar) => scalar is null ? None : new(scalar.Kind, scalar.Bits);
}
