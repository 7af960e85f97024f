using TorchSharp.Interop;
using TorchSharp.Utils;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // A tensor's elements as .NET values.
    public unsafe partial class Tensor
    {
        /// <summary>The elements, read and written in place; those of a tensor on a GPU are copied to the CPU first.</summary>
        /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the .NET type of the elements.</exception>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(is_cpu() ? this : cpu());
        }

        /// <summary>The one element of a tensor that has one.</summary>
        /// <exception cref="ArgumentException">It has more or fewer, or <typeparamref name="T"/> is not the .NET type of the element.</exception>
        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException($"Number of elements in the tensor must be 1, not {NumberOfElements}.");
            ValidateType(typeof(T));
            if (is_cpu()) return ReadCpuValue<T>(0);
            using var copy = cpu().DetachFromDisposeScope();
            return copy.ReadCpuValue<T>(0);
        }

        /// <summary>The one element of a tensor that has one, whatever its type.</summary>
        public Scalar ToScalar() => Aten.item.Number(this);

        /// <summary>The elements' memory, as it lies.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not contiguous, or not on the CPU.</exception>
        public Span<byte> bytes
        {
            get
            {
                var length = ByteCount();
                if (length > int.MaxValue) throw new ArgumentException($"A span holds up to {int.MaxValue} bytes, the tensor has {length}.");
                return new Span<byte>(Address(), (int)length);
            }
            set
            {
                if (value.Length != ByteCount()) throw new ArgumentException($"{value.Length} bytes do not fill the tensor's {ByteCount()}.", nameof(value));
                value.CopyTo(bytes);
            }
        }

        /// <summary>Writes the elements' memory to a stream.</summary>
        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var length = ByteCount();
            var start = Address();
            for (long done = 0, piece; done < length; done += piece)
            {
                piece = Math.Min(length - done, StreamPiece);
                stream.Write(new ReadOnlySpan<byte>(start + done, (int)piece));
            }
            GC.KeepAlive(this);
        }

        /// <summary>Fills the elements' memory from a stream.</summary>
        /// <exception cref="EndOfStreamException">The stream ends before the tensor is full.</exception>
        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            var length = ByteCount();
            var start = Address();
            for (long done = 0, piece; done < length; done += piece)
            {
                piece = Math.Min(length - done, StreamPiece);
                stream.ReadExactly(new Span<byte>(start + done, (int)piece));
            }
            GC.KeepAlive(this);
        }

        private const long StreamPiece = 1 << 20;

        private long ByteCount()
        {
            if (!is_contiguous()) throw new InvalidOperationException("The bytes of a tensor that is not contiguous have no order: call contiguous() first.");
            if (!is_cpu()) throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            return NumberOfElements * ElementSize;
        }

        internal byte* Address()
        {
            var data = nt_data(Handle);
            return data != 0 || NumberOfElements == 0 ? (byte*)data : throw Failure();
        }

        // ---- single elements by their number in row-major order

        public T ReadCpuValue<T>(long i) where T : unmanaged => TensorAccessor<T>.ReadItemAt(this, i);
        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);
        public sbyte ReadCpuSByte(long i) => ReadCpuValue<sbyte>(i);
        public short ReadCpuInt16(long i) => ReadCpuValue<short>(i);
        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);
        public float ReadCpuFloat16(long i) => (float)ReadCpuValue<Half>(i);

        internal void ValidateType(Type type)
        {
            if (type != ElementType(dtype)) throw new ArgumentException($"{type.Name} is not compatible with {dtype}: the elements' .NET type is {ElementType(dtype)?.Name ?? "none"}.");
        }
    }

    internal static Type? ElementType(ScalarType type) => type switch
    {
        ScalarType.Byte => typeof(byte),
        ScalarType.Int8 => typeof(sbyte),
        ScalarType.Int16 => typeof(short),
        ScalarType.Int32 => typeof(int),
        ScalarType.Int64 => typeof(long),
        ScalarType.Float16 => typeof(Half),
        ScalarType.Float32 => typeof(float),
        ScalarType.Float64 => typeof(double),
        ScalarType.Bool => typeof(bool),
        _ => null,
    };

    internal static ScalarType TypeOf(Type element) =>
        element == typeof(float) ? ScalarType.Float32
        : element == typeof(double) ? ScalarType.Float64
        : element == typeof(long) ? ScalarType.Int64
        : element == typeof(int) ? ScalarType.Int32
        : element == typeof(byte) ? ScalarType.Byte
        : element == typeof(bool) ? ScalarType.Bool
        : element == typeof(short) ? ScalarType.Int16
        : element == typeof(sbyte) ? ScalarType.Int8
        : element == typeof(Half) ? ScalarType.Float16
        : throw new NotSupportedException($"A tensor of {element.Name} elements is not supported.");
}
