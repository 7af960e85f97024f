using System.Buffers.Binary;
using System.Text;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Training;

namespace NoisyNN.Tests.Training;

/// <summary>
/// TensorBoard's files, taken apart by a reader that shares nothing with the writer: a table-free CRC and a protobuf scanner.
/// </summary>
[TestClass]
public class EventFileTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    public void A_training_and_its_continuation_leave_scalars_that_TensorBoard_reads()
    {
        using var folder = new TemporaryFolder();
        var options = _images.Options(epochs: 2);
        (options.WorkspacePath, options.TensorBoard, options.LogEverySteps, options.ValidationSet) = (
            folder.Path,
            true,
            2,
            _images.View(30, seed: 2)
        );
        var reports = new List<TrainingMetrics>();
        options.MetricsCallback = reports.Add;
        using (_images.Context.Vision.NoisyViT(options).Fit(_images.View(80))) { }

        var events = Read(Directory.GetFiles(folder.Path, "events.out.tfevents.*").Single());
        Assert.AreEqual("brain.Event:2", events[0].Version);
        Assert.AreEqual((0L, true), (events[1].Step, events[1].Starts));
        Assert.AreSequenceEqual(reports.Select(report => report.Step), events.Skip(2).Select(entry => entry.Step));
        Assert.AreEqual((float)reports[0].Loss, events[2].Scalars["step/loss"]);
        Assert.AreEqual((float)reports[0].LearningRate, events[2].Scalars["step/learning rate"]);
        Assert.AreEqual((float)reports[^1].ValidationAccuracy!.Value, events[^1].Scalars["epoch/validation accuracy"]);
        Assert.IsTrue(events.All(entry => Math.Abs(entry.WallTime - DateTimeOffset.UtcNow.ToUnixTimeSeconds()) < 600));

        options.Resume = true;
        using (_images.Context.Vision.NoisyViT(options).Fit(_images.View(80))) { }
        var files = Directory.GetFiles(folder.Path, "events.out.tfevents.*").Order(StringComparer.Ordinal).ToArray();
        Assert.HasCount(2, files);
        Assert.AreEqual((10L, true), Read(files[1]).Select(entry => (entry.Step, entry.Starts)).Last());
    }

    [TestMethod]
    public void The_checksum_is_that_of_the_standard()
    {
        // RFC 3720, B.4: 32 bytes of zeros, and 0 to 31.
        Assert.AreEqual(0x8A9136AAu, Crc32C(new byte[32]));
        Assert.AreEqual(0x46DD794Eu, Crc32C([.. Enumerable.Range(0, 32).Select(value => (byte)value)]));
    }

    static List<Event> Read(string path)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        var events = new List<Event>();
        while (bytes.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            Assert.AreEqual(Masked(Crc32C(bytes[..8])), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
            var data = bytes.Slice(12, length);
            Assert.AreEqual(Masked(Crc32C(data)), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]));
            events.Add(Event.Parse(Fields(data)));
            bytes = bytes[(16 + length)..];
        }
        return events;
    }

    static uint Masked(uint crc) => unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);

    static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0x82F63B78 & (0 - (crc & 1)));
        }
        return ~crc;
    }

    /// <summary>Field numbers and their raw values: 8 bytes of a varint or a fixed number, or the bytes of a text or message.</summary>
    static List<(int Field, byte[] Value)> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new List<(int, byte[])>();
        while (message.Length > 0)
        {
            var key = Varint(ref message);
            var size = (key & 7) switch
            {
                1 => 8,
                5 => 4,
                2 => (int)Varint(ref message),
                0 => -1,
                _ => throw new InvalidDataException($"wire type {key & 7}"),
            };
            if (size < 0)
                fields.Add(((int)(key >> 3), BitConverter.GetBytes(Varint(ref message))));
            else
            {
                fields.Add(((int)(key >> 3), message[..size].ToArray()));
                message = message[size..];
            }
        }
        return fields;
    }

    static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 127) << shift;
            shift += 7;
            if (next < 128)
                return value;
        }
    }

    sealed record Event(double WallTime, long Step, string? Version, bool Starts, Dictionary<string, float> Scalars)
    {
        public static Event Parse(List<(int Field, byte[] Value)> fields) =>
            new(
                BitConverter.ToDouble(fields.Single(field => field.Field == 1).Value),
                BitConverter.ToInt64(fields.Single(field => field.Field == 2).Value),
                fields.Where(field => field.Field == 3).Select(field => Encoding.UTF8.GetString(field.Value)).SingleOrDefault(),
                fields.Any(field => field.Field == 7 && Fields(field.Value).Single() is (1, [1, ..])),
                fields
                    .Where(field => field.Field == 5)
                    .SelectMany(summary => Fields(summary.Value))
                    .Select(value => Fields(value.Value))
                    .ToDictionary(value => Encoding.UTF8.GetString(value[0].Value), value => BitConverter.ToSingle(value[1].Value))
            );
    }
}
