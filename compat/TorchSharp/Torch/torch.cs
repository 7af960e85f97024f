using System.Runtime.InteropServices;
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

/// <summary>PyTorch's functions, under the names that they have there.</summary>
public static partial class torch
{
    // ---- element types under their Python names

    public static ScalarType uint8 = ScalarType.Byte;
    public static ScalarType int8 = ScalarType.Int8;
    public static ScalarType int16 = ScalarType.Int16;
    public static ScalarType int32 = ScalarType.Int32;
    public static ScalarType int64 = ScalarType.Int64;
    public static ScalarType bfloat16 = ScalarType.BFloat16;
    public static ScalarType float16 = ScalarType.Float16;
    public static ScalarType float32 = ScalarType.Float32;
    public static ScalarType float64 = ScalarType.Float64;
    public static ScalarType complex64 = ScalarType.ComplexFloat32;
    public static ScalarType complex128 = ScalarType.ComplexFloat64;
    public static ScalarType @bool = ScalarType.Bool;
    public static ScalarType @short = ScalarType.Int16;
    public static ScalarType @int = ScalarType.Int32;
    public static ScalarType @long = ScalarType.Int64;
    public static ScalarType half = ScalarType.Float16;
    public static ScalarType @float = ScalarType.Float32;
    public static ScalarType @double = ScalarType.Float64;

    private static ScalarType s_defaultType = ScalarType.Float32;

    /// <summary>The type of tensors that are made without one.</summary>
    public static ScalarType get_default_dtype() => s_defaultType;

    public static void set_default_dtype(ScalarType dtype) =>
        s_defaultType = is_floating_point(dtype) ? dtype : throw new ArgumentException($"The default type must be a floating-point one, not {dtype}.", nameof(dtype));

    /// <summary>The type that an operation on both tensors yields.</summary>
    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => (ScalarType)Aten.result_type_Tensor.Number(tensor1, tensor2).Integer;

    // ---- memory

    /// <summary>Opens a dispose scope: the tensors that this thread makes from now on go when the scope is disposed.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.Open();

    /// <summary>This thread's innermost dispose scope.</summary>
    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.OfThread.Current;

    /// <summary>Evaluates an expression in a dispose scope of its own and keeps its result.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    // ---- threads

    public static int get_num_threads() => nt_num_threads();

    /// <summary>How many threads share one operator's work.</summary>
    public static void set_num_threads(int num) => Check(nt_set_num_threads(num));

    public static int get_num_interop_threads() => nt_num_interop_threads();

    public static void set_num_interop_threads(int num) => Check(nt_set_num_interop_threads(num));

    /// <summary>The version of libtorch.</summary>
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((nint)nt_torch_version()) ?? "";

    public static bool is_tensor(object obj) => obj is Tensor;
}
