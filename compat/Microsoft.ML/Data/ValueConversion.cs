using System;
using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>
/// The conversions between items: within the signed and within the unsigned integers, from both and from floats to floats, from numbers to
/// truth values, from truth values to signed integers and floats, all these to text, and text to these and to times.
/// </summary>
internal static class ValueConversion
{
    /// <summary>A <see cref="Func{T, TResult}"/> from one raw type to another, or null where there is no conversion.</summary>
    public static Delegate Find(DataViewType from, DataViewType to)
    {
        var (source, target) = (from.RawType, to.RawType);
        if (source == target)
            return (Delegate)GenericDispatch.Invoke(Identity<int>, source);
        if (target == typeof(ReadOnlyMemory<char>))
            return IsNumber(source) || source == typeof(bool) ? (Delegate)GenericDispatch.Invoke(ToText<int>, source) : null;
        if (source == typeof(ReadOnlyMemory<char>))
            return FromText(target);
        if (target == typeof(bool))
            return IsNumber(source) ? (Delegate)GenericDispatch.Invoke(ToBoolean<int>, source) : null;
        if (source == typeof(bool))
            return IsSigned(target) || IsFloat(target) ? (Delegate)GenericDispatch.Invoke(FromBoolean<int>, target) : null;
        if (IsUnsigned(source) && IsUnsigned(target))
            return (Delegate)GenericDispatch.Invoke(Unsigned<uint, uint>, [source, target]);
        return IsNumber(source) && IsFloat(target) || IsSigned(source) && IsSigned(target)
            ? (Delegate)GenericDispatch.Invoke(Number<int, int>, [source, target])
            : null;
    }

    private static bool IsSigned(Type type) =>
        type == typeof(sbyte) || type == typeof(short) || type == typeof(int) || type == typeof(long);

    private static bool IsUnsigned(Type type) => KeyDataViewType.IsValidDataType(type);

    private static bool IsFloat(Type type) => type == typeof(float) || type == typeof(double);

    private static bool IsNumber(Type type) => IsSigned(type) || IsUnsigned(type) || IsFloat(type);

    private static Func<T, T> Identity<T>() => value => value;

    private static Func<TFrom, TTo> Number<TFrom, TTo>() where TFrom : INumberBase<TFrom>
        where TTo : INumberBase<TTo> => TTo.CreateTruncating;

    // What does not fit becomes 0, which is the missing key.
    private static Func<TFrom, TTo> Unsigned<TFrom, TTo>() where TFrom : INumberBase<TFrom> where TTo : INumberBase<TTo>, IMinMaxValue<TTo>
    {
        var max = ulong.CreateTruncating(TTo.MaxValue);
        return value => ulong.CreateTruncating(value) <= max ? TTo.CreateTruncating(value) : TTo.Zero;
    }

    private static Func<T, bool> ToBoolean<T>() where T : INumberBase<T> => value => !T.IsZero(value);

    private static Func<bool, T> FromBoolean<T>() where T : INumberBase<T> => value => value ? T.One : T.Zero;

    private static Func<T, ReadOnlyMemory<char>> ToText<T>() => value => value switch
    {
        float single => single.ToString("G7", CultureInfo.InvariantCulture),
        double number => number.ToString("G17", CultureInfo.InvariantCulture),
        _ => value.ToString(),
    } is var text ? text.AsMemory() : default;

    private static Delegate FromText(Type target) =>
        target == typeof(bool) ? (Func<ReadOnlyMemory<char>, bool>)ParseBoolean
        : IsFloat(target) ? (Delegate)GenericDispatch.Invoke(FloatFromText<float>, target)
        : IsUnsigned(target) ? (Delegate)GenericDispatch.Invoke(UnsignedFromText<uint>, target)
        : IsSigned(target) ? (Delegate)GenericDispatch.Invoke(SignedFromText<int>, target)
        : target == typeof(DataViewRowId) ? null
        : (Delegate)GenericDispatch.Invoke(TimeFromText<DateTime>, target);

    // Empty text is 0; what is no number is missing.
    private static Func<ReadOnlyMemory<char>, T> FloatFromText<T>() where T : IFloatingPointIeee754<T> => text =>
        text.IsEmpty ? T.Zero : T.TryParse(text.Span, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : T.NaN;

    private static Func<ReadOnlyMemory<char>, T> UnsignedFromText<T>() where T : INumber<T> => text =>
        T.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : T.Zero;

    private static Func<ReadOnlyMemory<char>, T> SignedFromText<T>() where T : INumber<T> => text =>
        text.IsEmpty ? T.Zero
        : T.TryParse(text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && text.Span[0] != '+' ? value
        : throw new InvalidOperationException($"Value could not be parsed from text to {typeof(T).Name}: '{text}'.");

    private static Func<ReadOnlyMemory<char>, T> TimeFromText<T>() where T : ISpanParsable<T> => text =>
        T.TryParse(text.Span, CultureInfo.InvariantCulture, out var value) ? value : default;

    private static bool ParseBoolean(ReadOnlyMemory<char> text) =>
        text.ToString().ToUpperInvariant() is "T" or "Y" or "1" or "+" or "+1" or "YES" or "TRUE";
}
