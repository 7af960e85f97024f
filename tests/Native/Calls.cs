using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace NoisyNN.Tests.Native;

/// <summary>
/// The methods of an assembly, what each of them calls by name, and the native functions behind its P/Invokes. Which override a virtual
/// call ends in is not followed.
/// </summary>
sealed class Calls
{
    static readonly Dictionary<int, OpCode> s_codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xffff);

    readonly MetadataReader _metadata;

    public Calls(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly), PEStreamOptions.PrefetchEntireImage);
        _metadata = file.GetMetadataReader();
        foreach (var method in _metadata.MethodDefinitions.Select(_metadata.GetMethodDefinition))
        {
            var name = Name(method);
            if (method.GetImport() is { Module.IsNil: false } import)
                Natives[name] = _metadata.GetString(import.Name);
            if (method.RelativeVirtualAddress == 0)
                continue;
            if (!Called.TryGetValue(name, out var called))
                Called[name] = called = [];
            called.UnionWith(Tokens(file.GetMethodBody(method.RelativeVirtualAddress).GetILReader()).Select(Name).OfType<string>());
        }
    }

    /// <summary>What the methods of a name call: TYPE::METHOD/PARAMETERS, the types with their namespaces.</summary>
    public Dictionary<string, HashSet<string>> Called { get; } = [];

    /// <summary>The native function that a method stands for.</summary>
    public Dictionary<string, string> Natives { get; } = [];

    /// <summary>The methods from which a call can get to one of the native functions.</summary>
    public HashSet<string> Reaching(Func<string, bool> isNative)
    {
        var reaching = Natives.Where(native => isNative(native.Value)).Select(native => native.Key).ToHashSet();
        for (var count = 0; count < reaching.Count; )
        {
            count = reaching.Count;
            reaching.UnionWith(Called.Where(caller => caller.Value.Overlaps(reaching)).Select(caller => caller.Key).ToList());
        }
        return reaching;
    }

    static IEnumerable<EntityHandle> Tokens(BlobReader code)
    {
        var tokens = new List<EntityHandle>();
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            var instruction = s_codes[value == 0xfe ? value << 8 | code.ReadByte() : value];
            switch (instruction.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.InlineMethod or OperandType.InlineTok:
                    tokens.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset++;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                default:
                    code.Offset += 4;
                    break;
            }
        }
        return tokens;
    }

    string? Name(EntityHandle called) =>
        called.Kind switch
        {
            HandleKind.MethodDefinition => Name(_metadata.GetMethodDefinition((MethodDefinitionHandle)called)),
            HandleKind.MethodSpecification => Name(_metadata.GetMethodSpecification((MethodSpecificationHandle)called).Method),
            HandleKind.MemberReference => Name(_metadata.GetMemberReference((MemberReferenceHandle)called)),
            _ => null,
        };

    string Name(MethodDefinition method) => Name(TypeName(method.GetDeclaringType()), method.Name, method.Signature);

    string? Name(MemberReference member) =>
        member.GetKind() == MemberReferenceKind.Method ? Name(TypeName(member.Parent), member.Name, member.Signature) : null;

    string Name(string type, StringHandle method, BlobHandle signature)
    {
        var reader = _metadata.GetBlobReader(signature);
        if (reader.ReadSignatureHeader().IsGeneric)
            reader.ReadCompressedInteger();
        return $"{type}::{_metadata.GetString(method)}/{reader.ReadCompressedInteger()}";
    }

    string TypeName(EntityHandle type)
    {
        switch (type.Kind)
        {
            case HandleKind.TypeDefinition:
                var defined = _metadata.GetTypeDefinition((TypeDefinitionHandle)type);
                return Nested(defined.GetDeclaringType(), defined.Namespace, defined.Name);
            case HandleKind.TypeReference:
                var referred = _metadata.GetTypeReference((TypeReferenceHandle)type);
                var outer = referred.ResolutionScope.Kind == HandleKind.TypeReference ? referred.ResolutionScope : default;
                return Nested(outer, referred.Namespace, referred.Name);
            case HandleKind.TypeSpecification:
                // An instance of a generic type: 0x15, class or value type, the type itself.
                var reader = _metadata.GetBlobReader(_metadata.GetTypeSpecification((TypeSpecificationHandle)type).Signature);
                return reader.ReadByte() == 0x15 && reader.ReadByte() is 0x11 or 0x12 ? TypeName(reader.ReadTypeHandle()) : "";
            default:
                return "";
        }
    }

    string Nested(EntityHandle outer, StringHandle space, StringHandle name) =>
        !outer.IsNil ? $"{TypeName(outer)}.{_metadata.GetString(name)}"
        : space.IsNil ? _metadata.GetString(name)
        : $"{_metadata.GetString(space)}.{_metadata.GetString(name)}";
}
