using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Runs a session once for each row, whatever the number of outputs that are asked for.</summary>
internal sealed class OnnxRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly DataViewRow _row;
    private readonly Source[] _sources;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly RunOptions _options = new();
    private readonly OrtValue[] _inputs;
    private IDisposableReadOnlyCollection<OrtValue> _outputs;
    private long _position = -1;

    public OnnxRun(InferenceSession session, DataViewRow row, (OnnxModel.Variable Input, DataViewSchema.Column Column)[] bound,
        string[] outputNames)
    {
        _session = session;
        _row = row;
        _outputNames = outputNames;
        _inputNames = [.. bound.Select(b => b.Input.Name)];
        _sources = [.. bound.Select(b => Source.Create(row, row.Schema[b.Column.Index], b.Input))];
        _inputs = new OrtValue[bound.Length];
    }

    public Delegate CreateGetter(int output, PrimitiveDataViewType itemType) => itemType is TextDataViewType
        ? (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            var texts = Output(output).GetStringTensorAsArray();
            var editor = VBufferEditor.Create(ref destination, texts.Length);
            for (var i = 0; i < texts.Length; i++)
                editor.Values[i] = texts[i].AsMemory();
            destination = editor.Commit();
        })
        : (Delegate)GenericDispatch.Invoke(CreateGetter<int>, itemType.RawType, output);

    public void Dispose()
    {
        _outputs?.Dispose();
        foreach (var source in _sources)
            source.Dispose();
        _options.Dispose();
    }

    private ValueGetter<VBuffer<T>> CreateGetter<T>(int output) where T : unmanaged => (ref VBuffer<T> destination) =>
    {
        var values = Output(output).GetTensorDataAsSpan<T>();
        var editor = VBufferEditor.Create(ref destination, values.Length);
        values.CopyTo(editor.Values);
        destination = editor.Commit();
    };

    private OrtValue Output(int index)
    {
        if (_position != _row.Position)
        {
            for (var i = 0; i < _sources.Length; i++)
                _inputs[i] = _sources[i].Fetch();
            _outputs?.Dispose();
            _outputs = null;
            _outputs = _session.Run(_options, _inputNames, _inputs, _outputNames);
            _position = _row.Position;
        }
        return _outputs[index];
    }

    /// <summary>A column as an input tensor.</summary>
    private abstract class Source(string name, int[] shape) : IDisposable
    {
        protected OrtValue Value { get; set; }

        public static Source Create(DataViewRow row, DataViewSchema.Column column, OnnxModel.Variable input) =>
            input.Type.ItemType is TextDataViewType
            ? new TextSource(row, column, input)
            : (Source)GenericDispatch.Invoke(CreateNumeric<int>, input.Type.ItemType.RawType, row, column, input);

        public abstract OrtValue Fetch();

        public void Dispose() => Value?.Dispose();

        /// <summary>The shape for so many values; the one unknown dimension takes what is left over.</summary>
        protected long[] ShapeFor(int count)
        {
            var known = shape.Aggregate(1, (product, d) => d > 0 ? product * d : product);
            if (count % known != 0 || !shape.Contains(0) && count != known)
                throw new InvalidOperationException($"Input shape mismatch: Input '{name}' has shape {string.Join(",", shape)}, but input "
                    + $"data is of length {count}.");
            return [.. shape.Select(d => d > 0 ? d : (long)count / known)];
        }

        private static Source CreateNumeric<T>(DataViewRow row, DataViewSchema.Column column, OnnxModel.Variable input)
            where T : unmanaged =>
            new NumericSource<T>(row, column, input);
    }

    private sealed class NumericSource<T> : Source where T : unmanaged
    {
        private readonly ValueGetter<T> _getScalar;
        private readonly ValueGetter<VBuffer<T>> _getVector;
        private T[] _values = [];
        private VBuffer<T> _vector;

        public NumericSource(DataViewRow row, DataViewSchema.Column column, OnnxModel.Variable input) : base(input.Name, input.Shape)
        {
            if (column.Type is VectorDataViewType)
                _getVector = row.GetGetter<VBuffer<T>>(column);
            else
                _getScalar = row.GetGetter<T>(column);
        }

        public override OrtValue Fetch()
        {
            if (_getVector is null)
            {
                Resize(1);
                _getScalar(ref _values[0]);
                return Value;
            }
            _getVector(ref _vector);
            Resize(_vector.Length);
            _vector.CopyTo(_values);
            return Value;
        }

        // The tensor stands on the array, so a new length needs a new tensor, and equal lengths need nothing.
        private void Resize(int count)
        {
            if (Value is not null && _values.Length == count)
                return;
            var shape = ShapeFor(count);
            Value?.Dispose();
            _values = new T[count];
            Value = OrtValue.CreateTensorValueFromMemory(_values, shape);
        }
    }

    private sealed class TextSource : Source
    {
        private readonly ValueGetter<ReadOnlyMemory<char>> _getScalar;
        private readonly ValueGetter<VBuffer<ReadOnlyMemory<char>>> _getVector;
        private ReadOnlyMemory<char> _scalar;
        private VBuffer<ReadOnlyMemory<char>> _vector;

        public TextSource(DataViewRow row, DataViewSchema.Column column, OnnxModel.Variable input) : base(input.Name, input.Shape)
        {
            if (column.Type is VectorDataViewType)
                _getVector = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
            else
                _getScalar = row.GetGetter<ReadOnlyMemory<char>>(column);
        }

        public override OrtValue Fetch()
        {
            Value?.Dispose();
            Value = null;
            string[] texts;
            if (_getVector is null)
            {
                _getScalar(ref _scalar);
                texts = [_scalar.ToString()];
            }
            else
            {
                _getVector(ref _vector);
                texts = [.. _vector.DenseValues().Select(text => text.ToString())];
            }
            var shape = ShapeFor(texts.Length);
            return Value = OrtValue.CreateFromStringTensor(new DenseTensor<string>(texts, [.. shape.Select(d => (int)d)]));
        }
    }
}
