using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A number without a tensor around it: an integer, a real, or a truth value. It is what operators take beside tensors.</summary>
/// <remarks>Complex scalars are left out.</remarks>
public sealed class Scalar : IDisposable
{
    internal Scalar(Kind kind, long bits) => (Kind, Bits) = (kind, bits);

    internal Kind Kind { get; }

    internal long Bits { get; }

    internal double Real => Kind == Kind.Real ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal long Integer => Kind == Kind.Real ? (long)BitConverter.Int64BitsToDouble(Bits) : Bits;

    public torch.ScalarType Type => Kind switch
    {
        Kind.Integer => torch.ScalarType.Int64,
        Kind.Boolean => torch.ScalarType.Bool,
        _ => torch.ScalarType.Float64,
    };

    public static implicit operator Scalar(byte value) => FromInteger(value);
    public static implicit operator Scalar(sbyte value) => FromInteger(value);
    public static implicit operator Scalar(short value) => FromInteger(value);
    public static implicit operator Scalar(int value) => FromInteger(value);
    public static implicit operator Scalar(long value) => FromInteger(value);
    public static implicit operator Scalar(float value) => FromReal(value);
    public static implicit operator Scalar(double value) => FromReal(value);
    public static implicit operator Scalar(Half value) => FromReal((double)value);
    public static implicit operator Scalar(bool value) => new(Kind.Boolean, value ? 1 : 0);

    private static Scalar FromInteger(long value) => new(Kind.Integer, value);

    private static Scalar FromReal(double value) => new(Kind.Real, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Nothing is held, so nothing is released; the official type holds a native value.</summary>
    public void Dispose()
    {
    }
}
