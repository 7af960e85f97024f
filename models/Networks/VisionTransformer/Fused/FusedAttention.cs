using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Networks.VisionTransformer.Fused;

/// <summary>
/// softmax(QKᵀ / √D) V of short sequences, on processors with AVX-512. It makes one pass forward and one backward over the packed
/// projection, without copies. One thread computes a head of one image, so the result does not depend on the number of threads.
/// </summary>
static unsafe class FusedAttention
{
    /// <summary>The longest sequence: 16 x 16 patches and a class token. A thread keeps two matrices of scores in its cache.</summary>
    public const int LongestSequence = 257;

    /// <summary>The largest dimension of a head, for the same reason.</summary>
    public const int LargestDimension = 256;

    [ThreadStatic]
    static float[]? t_room;

    /// <summary>Whether this process can use it. It needs 64-bit Linux, AVX-512, and libtorch's OpenMP library.</summary>
    public static bool IsAvailable => Vector512.IsHardwareAccelerated && Avx512F.IsSupported && FusedAttentionThreads.AreAvailable;

    /// <summary>Whether it supports these inputs; libtorch's operators compute everything else.</summary>
    /// <param name="queries">[N, T, 1, heads, D]; or [N, T, 3, heads, D] with keys and values behind them.</param>
    /// <param name="keysValues">[N, T', 2, heads, D]; or the same tensor as <paramref name="queries"/>.</param>
    public static bool Accepts(Tensor queries, Tensor keysValues) =>
        IsAvailable
        && Accepts(queries)
        && Accepts(keysValues)
        && queries.dtype == keysValues.dtype
        && Belong(queries.shape, keysValues.shape, arePacked: ReferenceEquals(queries, keysValues));

    /// <summary>The mixed values [N, T, heads · D].</summary>
    /// <param name="queries">[N, T, 1, heads, D]; or [N, T, 3, heads, D] with keys and values behind them.</param>
    /// <param name="keysValues">[N, T', 2, heads, D]; or the same tensor as <paramref name="queries"/>.</param>
    /// <exception cref="ArgumentException"><see cref="Accepts(Tensor, Tensor)"/> is false for them.</exception>
    public static Tensor Apply(Tensor queries, Tensor keysValues)
    {
        if (!Accepts(queries, keysValues))
        {
            var inputs = $"{Describe(queries)} with {Describe(keysValues)}";
            throw new ArgumentException(
                $"The fused attention does not support {inputs} in this process; use libtorch's operators.",
                nameof(queries)
            );
        }

        using var scope = NewDisposeScope();
        var output =
            is_grad_enabled() && (queries.requires_grad || keysValues.requires_grad)
                ? FusedAttentionFunction.Apply(queries, keysValues)
                : Forward(queries, keysValues, statistics: null);
        return output.MoveToOuterDisposeScope();
    }

    /// <summary>Does the same as <see cref="Apply"/>, outside of autograd.</summary>
    /// <param name="queries">As in <see cref="Apply"/>.</param>
    /// <param name="keysValues">As in <see cref="Apply"/>.</param>
    /// <param name="statistics">Receives what the backward pass needs, float32 [N, heads, T, 2].</param>
    internal static Tensor Forward(Tensor queries, Tensor keysValues, Tensor? statistics)
    {
        var shape = Shape(queries, keysValues);
        var output = empty([shape.Batch, shape.Queries, (long)shape.Heads * shape.Dimension], dtype: queries.dtype);
        if (queries.dtype == ScalarType.Float32)
            Forward<float>(shape, queries, keysValues, output, statistics);
        else
            Forward<ushort>(shape, queries, keysValues, output, statistics);
        GC.KeepAlive(queries);
        GC.KeepAlive(keysValues);
        GC.KeepAlive(statistics);
        return output;
    }

    /// <summary>Writes the gradients of both inputs, which may be the same tensor.</summary>
    /// <param name="queries">As in <see cref="Apply"/>.</param>
    /// <param name="keysValues">As in <see cref="Apply"/>.</param>
    /// <param name="statistics">The statistics of <see cref="Forward"/>.</param>
    /// <param name="outputGradient">[N, T, heads · D], without gaps.</param>
    /// <param name="queriesGradient">The gradient of the queries.</param>
    /// <param name="keysValuesGradient">The gradient of the keys and values.</param>
    /// <exception cref="ArgumentException">The output's gradient has another shape or type than the output.</exception>
    internal static void Backward(
        Tensor queries,
        Tensor keysValues,
        Tensor statistics,
        Tensor outputGradient,
        Tensor queriesGradient,
        Tensor keysValuesGradient
    )
    {
        var shape = Shape(queries, keysValues);
        long[] sizes = [shape.Batch, shape.Queries, (long)shape.Heads * shape.Dimension];
        if (
            outputGradient.dtype != queries.dtype
            || outputGradient.device_type != DeviceType.CPU
            || !outputGradient.is_contiguous()
            || !outputGradient.shape.SequenceEqual(sizes)
        )
            throw new ArgumentException(
                $"The gradient is {Describe(outputGradient)}, but the output was {queries.dtype} [{string.Join(", ", sizes)}].",
                nameof(outputGradient)
            );
        if (queries.dtype == ScalarType.Float32)
            Backward<float>(shape, queries, keysValues, statistics, outputGradient, queriesGradient, keysValuesGradient);
        else
            Backward<ushort>(shape, queries, keysValues, statistics, outputGradient, queriesGradient, keysValuesGradient);
        foreach (var tensor in (Tensor[])[queries, keysValues, statistics, outputGradient, queriesGradient, keysValuesGradient])
            GC.KeepAlive(tensor);
    }

    static void Forward<TElement>(FusedAttentionShape shape, Tensor queries, Tensor keysValues, Tensor output, Tensor? statistics)
        where TElement : unmanaged
    {
        var parts = (int)keysValues.shape[2];
        var kernel = new FusedAttentionForward<TElement>(
            shape,
            new(Start(queries), 0, (int)queries.shape[2], shape.Queries, shape),
            new(Start(keysValues), parts - 2, parts, shape.Keys, shape),
            new(Start(keysValues), parts - 1, parts, shape.Keys, shape),
            new(Start(output), 0, 1, shape.Queries, shape),
            statistics is null ? null : (float*)Start(statistics)
        );
        var (room, length, threads) = Room(FusedAttentionForward<TElement>.RoomLength(shape));
        FusedAttentionThreads.ForRanges(
            shape.Pairs,
            threads,
            (first, end, thread) => kernel.Compute(first, end, (float*)room + (nint)thread * length)
        );
    }

    static void Backward<TElement>(
        FusedAttentionShape shape,
        Tensor queries,
        Tensor keysValues,
        Tensor statistics,
        Tensor outputGradient,
        Tensor queriesGradient,
        Tensor keysValuesGradient
    )
        where TElement : unmanaged
    {
        var (queryParts, parts) = ((int)queries.shape[2], (int)keysValues.shape[2]);
        var kernel = new FusedAttentionBackward<TElement>(
            shape,
            new(Start(queries), 0, queryParts, shape.Queries, shape),
            new(Start(keysValues), parts - 2, parts, shape.Keys, shape),
            new(Start(keysValues), parts - 1, parts, shape.Keys, shape),
            new(Start(outputGradient), 0, 1, shape.Queries, shape),
            (float*)Start(statistics),
            new(Start(queriesGradient), 0, queryParts, shape.Queries, shape),
            new(Start(keysValuesGradient), parts - 2, parts, shape.Keys, shape),
            new(Start(keysValuesGradient), parts - 1, parts, shape.Keys, shape)
        );
        var (room, length, threads) = Room(FusedAttentionBackward<TElement>.RoomLength(shape));
        FusedAttentionThreads.ForRanges(
            shape.Pairs,
            threads,
            (first, end, thread) => kernel.Compute(first, end, (float*)room + (nint)thread * length)
        );
    }

    /// <summary>Memory for all threads, valid until this thread's next call. Each thread's share begins at a cache line.</summary>
    static (nint Start, int Length, int Threads) Room(int length)
    {
        const int Line = 16;
        var threads = get_num_threads();
        length = (length + Line - 1) / Line * Line;
        if (t_room is null || t_room.Length < length * threads + Line)
            t_room = GC.AllocateUninitializedArray<float>(length * threads + Line, pinned: true);
        var start = Marshal.UnsafeAddrOfPinnedArrayElement(t_room, 0);
        return ((start + 63) / 64 * 64, length, threads);
    }

    static FusedAttentionShape Shape(Tensor queries, Tensor keysValues)
    {
        var sizes = queries.shape;
        return new((int)sizes[0], (int)sizes[3], Queries: (int)sizes[1], Keys: (int)keysValues.shape[1], (int)sizes[4]);
    }

    static bool Accepts(Tensor packed) =>
        packed.dtype is ScalarType.Float32 or ScalarType.BFloat16
        && packed.device_type == DeviceType.CPU
        && packed.Dimensions == 5
        && packed.is_contiguous()
        && packed.NumberOfElements > 0
        && packed.NumberOfElements * packed.ElementSize <= int.MaxValue
        && packed.shape is var sizes
        && sizes[1] <= LongestSequence
        && sizes[4] % 16 == 0
        && sizes[4] <= LargestDimension;

    static bool Belong(long[] queries, long[] keysValues, bool arePacked) =>
        queries[0] == keysValues[0]
        && queries[3] == keysValues[3]
        && queries[4] == keysValues[4]
        && (arePacked ? queries[2] == 3 : queries[2] == 1 && keysValues[2] == 2);

    static void* Start(Tensor tensor) => Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    static string Describe(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}] on {tensor.device}";
}
