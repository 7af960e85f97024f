using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Indexing as in Python: basic indices make views, tensors of positions or truth values gather.
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => Assign(indices, value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(At(indices));
            set => Assign(At(indices), value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => Aten.select_int.Call(this, 0L, i1);
            set => Assign([i1], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(At([i1, i2]));
            set => Assign([i1, i2], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(At([i1, i2, i3]));
            set => Assign([i1, i2, i3], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(At([i1, i2, i3, i4]));
            set => Assign([i1, i2, i3, i4], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => index(At([i1, i2, i3, i4, i5]));
            set => Assign([i1, i2, i3, i4, i5], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => index(At([i1, i2, i3, i4, i5, i6]));
            set => Assign([i1, i2, i3, i4, i5, i6], value);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            using var steps = NewDisposeScope();
            var (view, positions) = View(indices);
            return (positions.Length == 0 ? view : Aten.index_Tensor.Call(view, positions)).MoveToOuterDisposeScope();
        }

        public Tensor index(params Tensor[] indices) => Aten.index_Tensor.Call(this, indices);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            Assign(indices, value);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Aten.index_put_.InPlace(this, indices, value);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor number = Like(value);
            Assign(indices, number);
            return this;
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using Tensor number = Like(value);
            return index_put_(number, indices);
        }

        private Tensor Like(Scalar value) => Aten.scalar_tensor.Call(value, dtype, Argument.None, device);

        private static TensorIndex[] At(long[] positions) => Array.ConvertAll(positions, position => (TensorIndex)position);

        private void Assign(TensorIndex[] indices, Tensor value)
        {
            using var steps = NewDisposeScope();
            var (view, positions) = View(indices);
            if (positions.Length == 0) view.copy_(value);
            else Aten.index_put_.Run(view, positions, value.to(view.dtype));
        }

        /// <summary>The view that the basic indices make, and for each of its dimensions the tensor that gathers from it; none if there are no such tensors.</summary>
        private (Tensor view, Tensor?[] positions) View(TensorIndex[] indices)
        {
            var consumed = indices.Sum(Consumes);
            if (consumed > ndim) throw new IndexOutOfRangeException($"{consumed} indices are too many for a tensor of {ndim} dimensions.");
            var view = alias();
            var positions = new List<Tensor?>();
            var dimension = 0L;
            foreach (var index in indices)
            {
                switch (index.Kind)
                {
                    case TensorIndex.Form.All:
                        dimension++;
                        break;
                    case TensorIndex.Form.Rest:
                        dimension += ndim - consumed;
                        break;
                    case TensorIndex.Form.NewDimension:
                        view = view.unsqueeze(dimension++);
                        break;
                    case TensorIndex.Form.Position:
                        view = view.select(dimension, index.Start ?? 0);
                        break;
                    case TensorIndex.Form.Range:
                        view = Aten.slice_Tensor.Call(view, dimension++, index.Start, index.Stop, index.Step ?? 1);
                        break;
                    default:
                        var tensor = index.Positions ?? torch.tensor(index.Start != 0);
                        if (index.Positions is null) view = view.unsqueeze(dimension);
                        while (positions.Count < dimension) positions.Add(null);
                        // A tensor of truth values answers for as many dimensions as it has.
                        positions.Add(tensor.dtype is ScalarType.Bool && tensor.ndim == 0 ? tensor.unsqueeze(0) : tensor);
                        dimension += index.Positions is null ? 1 : Consumes(index);
                        break;
                }
            }
            return (view, [.. positions]);
        }

        /// <summary>How many of the tensor's dimensions an index speaks for.</summary>
        private static long Consumes(TensorIndex index) => index.Kind switch
        {
            TensorIndex.Form.NewDimension or TensorIndex.Form.Rest or TensorIndex.Form.Truth => 0,
            TensorIndex.Form.Elements when index.Positions!.dtype is ScalarType.Bool => index.Positions.ndim,
            _ => 1,
        };
    }
}
