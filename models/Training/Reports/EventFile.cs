using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace NoisyNN.Models.Training.Reports;

/// <summary>
/// A TensorBoard event file: TFRecords (length, checksum, data, checksum) of <c>tensorflow.Event</c> messages, with a scalar for each
/// figure of a report. Field numbers are those of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
/// TorchSharp's <c>SummaryWriter</c> writes no start of a session, so TensorBoard would show the steps that a resumed training repeats
/// twice.
/// </summary>
sealed class EventFile : IDisposable
{
    readonly FileStream _stream;

    /// <summary>Begins a file of its own in the folder; TensorBoard reads all of them in the order of their names.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="step">The step that the training starts from; what earlier files have of later steps is void.</param>
    public EventFile(string folder, long step)
    {
        var name = FormattableString.Invariant(
            $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.{step:D9}.{Guid.NewGuid():N}"
        );
        // Without a buffer: what a full disk did not take must not be tried again when the file is closed.
        _stream = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        Append(0, output => output.WriteText(3, "brain.Event:2"));
        // SessionLog { status = START }: what TensorBoard drops overtaken steps by.
        Append(step, output => output.WriteMessage(7, log => log.WriteNumber(1, 1)));
    }

    public void Append(TrainingMetrics metrics)
    {
        (string Tag, double? Value)[] scalars = metrics.EpochCompleted
            ?
            [
                ("epoch/loss", metrics.Loss),
                ("epoch/training accuracy", metrics.TrainingAccuracy),
                ("epoch/validation accuracy", metrics.ValidationAccuracy),
                ("epoch/validation loss", metrics.ValidationLoss),
                ("epoch/log-likelihood", metrics.LogLikelihood),
                ("epoch/divergence", metrics.Divergence),
                ("epoch/images per second", metrics.ImagesPerSecond),
            ]
            :
            [
                ("step/loss", metrics.Loss),
                ("step/learning rate", metrics.LearningRate),
                ("step/images per second", metrics.ImagesPerSecond),
                ("step/waiting share", metrics.WaitingShare),
            ];
        var prefix = metrics.EpochCompleted ? "epoch" : "step";
        var penalties = metrics.Penalties?.Select(layer => (Tag: $"{prefix}/penalty/{layer.Key}", Value: (double?)layer.Value));
        var measured = (metrics.Measured ?? []).ToLookup(one => one.Epoch == 0, Scalars);
        if (measured[true].Any())
            Append(0, measured[true].SelectMany(one => one));
        Append(metrics.Step, [.. scalars, .. penalties ?? [], .. measured[false].SelectMany(one => one)]);
    }

    public void Dispose() => _stream.Dispose();

    static IEnumerable<(string Tag, double? Value)> Scalars(LayerMeasurement measured) =>
        measured.Figures.Select(figure => ($"measure/{measured.Layer}/{measured.Setting}/{figure.Key}", (double?)figure.Value));

    void Append(long step, IEnumerable<(string Tag, double? Value)> scalars) =>
        Append(
            step,
            output =>
                output.WriteMessage(
                    5,
                    summary =>
                    {
                        foreach (var (tag, value) in scalars)
                            if (value is { } number)
                                summary.WriteMessage(
                                    1,
                                    scalar =>
                                    {
                                        scalar.WriteText(1, tag);
                                        scalar.WriteSingle(2, (float)number);
                                    }
                                );
                    }
                )
        );

    void Append(long step, Action<CodedOutputStream> content) =>
        WriteRecord(
            _stream,
            Message(output =>
            {
                output.WriteDouble(1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);
                output.WriteNumber(2, step);
                content(output);
            })
        );

    static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
            write(output);
        return buffer.ToArray();
    }

    static void WriteRecord(Stream stream, byte[] data)
    {
        var length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)data.Length);
        stream.Write([.. length, .. Checksum(length), .. data, .. Checksum(data)]);
    }

    /// <summary>CRC-32C (Castagnoli), turned and shifted, since a checksum of data that holds checksums would be weak.</summary>
    static byte[] Checksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, unchecked(BitOperations.RotateRight(~crc, 15) + 0xA282EAD8));
        return bytes;
    }
}

/// <summary>Fields of a protobuf message, tag and value.</summary>
file static class Fields
{
    extension(CodedOutputStream output)
    {
        public void WriteNumber(int field, long value)
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteInt64(value);
        }

        public void WriteDouble(int field, double value)
        {
            output.WriteTag(field, WireFormat.WireType.Fixed64);
            output.WriteDouble(value);
        }

        public void WriteSingle(int field, float value)
        {
            output.WriteTag(field, WireFormat.WireType.Fixed32);
            output.WriteFloat(value);
        }

        public void WriteText(int field, string value)
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteString(value);
        }

        public void WriteMessage(int field, Action<CodedOutputStream> write)
        {
            using var buffer = new MemoryStream();
            using (var inner = new CodedOutputStream(buffer, leaveOpen: true))
                write(inner);
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(buffer.ToArray()));
        }
    }
}
