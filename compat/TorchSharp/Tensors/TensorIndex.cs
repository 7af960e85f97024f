namespace TorchSharp;

public static partial class torch
{
    /// <summary>One place of an indexer: a position, a slice, everything, a new dimension, the rest, or a tensor of positions or truth values.</summary>
    public readonly struct TensorIndex
    {
        internal enum Form { All, Position, Range, NewDimension, Rest, Truth, Elements }

        internal readonly Form Kind;
        internal readonly long? Start, Stop, Step;
        internal readonly Tensor? Positions;

        private TensorIndex(Form kind, long? start = null, long? stop = null, long? step = null, Tensor? positions = null) =>
            (Kind, Start, Stop, Step, Positions) = (kind, start, stop, step, positions);

        /// <summary>All positions of a dimension, Python's ':'.</summary>
        public static TensorIndex Colon = new(Form.All);

        /// <summary>All positions of as many dimensions as are left, Python's '...'.</summary>
        public static TensorIndex Ellipsis = new(Form.Rest);

        /// <summary>A new dimension of size one, Python's None.</summary>
        public static TensorIndex None = new(Form.NewDimension);

        /// <summary>A new dimension of size one.</summary>
        public static TensorIndex Null = new(Form.NewDimension);

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(Form.Range, start, stop, step);

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) => range;

        public static TensorIndex Single(long? index) => new(Form.Position, index ?? 0);

        public static TensorIndex Bool(bool value) => new(Form.Truth, value ? 1 : 0);

        public static TensorIndex Tensor(Tensor tensor) => new(Form.Elements, positions: tensor);

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range.start, range.end);

        public static implicit operator TensorIndex(Index index) => Single(FromEnd(index));

        public static implicit operator TensorIndex(Range range) =>
            Slice(FromEnd(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : FromEnd(range.End));

        private static long FromEnd(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
