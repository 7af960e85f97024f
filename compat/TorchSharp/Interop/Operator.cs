using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp.Interop;

/// <summary>
/// One ATen operator, named by its schema ("add.Tensor"). It is looked up in libtorch's dispatcher at its first call, so an operator that a
/// libtorch version lacks is an error where it is used and nowhere else. Arguments left out at the end take the schema's defaults.
/// </summary>
internal sealed class Operator(string schema)
{
    private nint _handle;

    private nint Handle => _handle != 0 ? _handle : Find();

    /// <summary>Whether the libtorch that is loaded has this operator.</summary>
    internal bool Exists => _handle != 0 || TryFind();

    /// <summary>Calls the operator for its one tensor.</summary>
    internal torch.Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        Span<Value> results = stackalloc Value[1];
        Invoke(arguments, results);
        return new torch.Tensor((nint)results[0].Bits);
    }

    /// <summary>Calls an operator that changes its first argument, and returns that argument.</summary>
    internal torch.Tensor InPlace(params ReadOnlySpan<Argument> arguments)
    {
        Invoke(arguments, []);
        return (torch.Tensor)arguments[0].Reference!;
    }

    /// <summary>Calls the operator for its effect alone.</summary>
    internal void Run(params ReadOnlySpan<Argument> arguments) => Invoke(arguments, []);

    internal (torch.Tensor, torch.Tensor) Pair(params ReadOnlySpan<Argument> arguments)
    {
        Span<Value> results = stackalloc Value[2];
        Invoke(arguments, results);
        return (new((nint)results[0].Bits), new((nint)results[1].Bits));
    }

    internal (torch.Tensor, torch.Tensor, torch.Tensor) Triple(params ReadOnlySpan<Argument> arguments)
    {
        Span<Value> results = stackalloc Value[3];
        Invoke(arguments, results);
        return (new((nint)results[0].Bits), new((nint)results[1].Bits), new((nint)results[2].Bits));
    }

    internal unsafe torch.Tensor[] List(params ReadOnlySpan<Argument> arguments)
    {
        Span<Value> results = stackalloc Value[1];
        Invoke(arguments, results);
        var handles = (nint*)results[0].Bits;
        var tensors = new torch.Tensor[results[0].Count];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new(handles[i]);
        nt_free(handles);
        return tensors;
    }

    internal Scalar Number(params ReadOnlySpan<Argument> arguments)
    {
        Span<Value> results = stackalloc Value[1];
        Invoke(arguments, results);
        return new Scalar(results[0].Kind, results[0].Bits);
    }

    internal bool Truth(params ReadOnlySpan<Argument> arguments) => Number(arguments).Bits != 0;

    [SkipLocalsInit]
    private unsafe void Invoke(ReadOnlySpan<Argument> arguments, Span<Value> results)
    {
        const int onStack = 64;
        var room = 0;
        foreach (ref readonly var argument in arguments) room += Room(argument);
        Span<long> items = room <= onStack ? stackalloc long[onStack] : new long[room];
        var values = stackalloc Value[arguments.Length];
        fixed (long* start = items)
        fixed (Value* first = results)
        {
            var next = start;
            for (var i = 0; i < arguments.Length; i++) values[i] = Lower(arguments[i], ref next);
            Check(nt_call(Handle, values, arguments.Length, first, results.Length));
        }
        // The handles went over as bare pointers: their owners have to outlive the call.
        foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Reference);
    }

    /// <summary>How many 8-byte cells an argument's items take.</summary>
    private static int Room(in Argument argument) => argument.Kind switch
    {
        Kind.Integers or Kind.Reals or Kind.Tensors => argument.Count,
        Kind.String => (argument.Count + 7) / 8,
        _ => 0,
    };

    private static unsafe Value Lower(in Argument argument, ref long* next)
    {
        var value = new Value { Kind = argument.Kind, Count = argument.Count, Bits = argument.Bits };
        switch (argument.Kind)
        {
            case Kind.Tensor:
                value.Bits = Unsafe.As<torch.Tensor>(argument.Reference!).Handle;
                return value;
            case Kind.Generator:
                value.Bits = Unsafe.As<torch.Generator>(argument.Reference!).Handle;
                return value;
            case Kind.Integers:
                Unsafe.As<long[]>(argument.Reference!).CopyTo(new Span<long>(next, argument.Count));
                break;
            case Kind.Reals:
                MemoryMarshal.Cast<double, long>(Unsafe.As<double[]>(argument.Reference!)).CopyTo(new Span<long>(next, argument.Count));
                break;
            case Kind.Tensors:
                var tensors = Unsafe.As<torch.Tensor?[]>(argument.Reference!);
                for (var i = 0; i < tensors.Length; i++) next[i] = tensors[i]?.Handle ?? 0;
                break;
            case Kind.String:
                Encoding.UTF8.GetBytes(Unsafe.As<string>(argument.Reference!), new Span<byte>(next, argument.Count));
                break;
            default:
                return value;
        }
        value.Bits = (long)next;
        next += Room(argument);
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private nint Find() => TryFind() ? _handle : throw Failure();

    private bool TryFind()
    {
        var dot = schema.IndexOf('.', StringComparison.Ordinal);
        _handle = dot < 0 ? nt_operator($"aten::{schema}", "") : nt_operator($"aten::{schema[..dot]}", schema[(dot + 1)..]);
        return _handle != 0;
    }
}
