using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>Column types in model files: a letter for the kind, then what the kind needs.</summary>
internal static class DataViewTypeCodec
{
    private static readonly Type[] _primitives =
    [
        typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float),
            typeof(double),
        typeof(ReadOnlyMemory<char>), typeof(bool), typeof(TimeSpan), typeof(DateTime), typeof(DateTimeOffset), typeof(DataViewRowId),
    ];

    /// <summary>Whether the type can be written; types of the user's own cannot.</summary>
    public static bool Knows(DataViewType type) => type switch
    {
        KeyDataViewType or ImageDataViewType => true,
        VectorDataViewType vector => Knows(vector.ItemType),
        _ => type.IsStandardScalar(),
    };

    public static void Write(BinaryWriter writer, DataViewType type)
    {
        switch (type)
        {
            case VectorDataViewType vector:
                writer.Write('v');
                writer.Write(vector.Dimensions.Length);
                foreach (var dimension in vector.Dimensions)
                    writer.Write(dimension);
                Write(writer, vector.ItemType);
                break;
            case KeyDataViewType key:
                writer.Write('k');
                writer.Write((byte)Array.IndexOf(_primitives, key.RawType));
                writer.Write(key.Count);
                break;
            case ImageDataViewType image:
                writer.Write('i');
                writer.Write(image.Height);
                writer.Write(image.Width);
                break;
            case PrimitiveDataViewType when type.IsStandardScalar():
                writer.Write('p');
                writer.Write((byte)Array.IndexOf(_primitives, type.RawType));
                break;
            default:
                throw new NotSupportedException($"The column type {type} cannot be written to a file.");
        }
    }

    public static DataViewType Read(BinaryReader reader)
    {
        switch (reader.ReadChar())
        {
            case 'v':
                var dimensions = new int[CheckRank(reader.ReadInt32())];
                for (var i = 0; i < dimensions.Length; i++)
                    dimensions[i] = reader.ReadInt32();
                return Read(reader) is PrimitiveDataViewType item ? new VectorDataViewType(item, dimensions) : throw Corrupt();
            case 'k':
                return new KeyDataViewType(ReadPrimitive(reader), reader.ReadUInt64());
            case 'i':
                var (height, width) = (reader.ReadInt32(), reader.ReadInt32());
                return height == 0 && width == 0 ? new ImageDataViewType() : new ImageDataViewType(height, width);
            case 'p':
                return StandardTypes.TryGetPrimitive(ReadPrimitive(reader), out var primitive) ? primitive : throw Corrupt();
            default:
                throw Corrupt();
        }
    }

    private static Type ReadPrimitive(BinaryReader reader)
    {
        var index = reader.ReadByte();
        return index < _primitives.Length ? _primitives[index] : throw Corrupt();
    }

    private static int CheckRank(int rank) => rank is > 0 and <= 64 ? rank : throw Corrupt();

    private static FormatException Corrupt() => new("Corrupt model file: it has an unknown column type.");
}
