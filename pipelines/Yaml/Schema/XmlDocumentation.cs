using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NoisyNN.Pipelines.Yaml.Schema;

/// <summary>Reads the documentation comments of the code from the files that the compiler writes beside the assemblies.</summary>
static partial class XmlDocumentation
{
    static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> s_files = new();

    /// <summary>The comment of a key as one line without markup; null if it has none.</summary>
    /// <exception cref="FileNotFoundException">The documentation file of the assembly is missing.</exception>
    public static string? Of(SectionKey key) => Of(key.Declaration);

    /// <summary>The comment of a property, a field or a parameter as one line without markup; null if it has none.</summary>
    /// <exception cref="FileNotFoundException">The documentation file of the assembly is missing.</exception>
    public static string? Of(ICustomAttributeProvider declaration) =>
        declaration switch
        {
            PropertyInfo { DeclaringType: { } type } property => Text(Find(type, $"P:{NameOf(type)}.{property.Name}")?.Element("summary"))
                // The parameter of a record.
                ?? Parameter(Find(type, $"T:{NameOf(type)}"), property.Name),
            FieldInfo field => Text(Find(field.DeclaringType!, $"F:{NameOf(field.DeclaringType!)}.{field.Name}")?.Element("summary")),
            ParameterInfo { Member: ConstructorInfo { DeclaringType: { } type }, Name: { } name } => Parameter(
                Find(type, $"T:{NameOf(type)}"),
                name
            ) ?? Text(Find(type, $"P:{NameOf(type)}.{name}")?.Element("summary")),
            ParameterInfo { Member: MethodInfo { DeclaringType: { } type } method, Name: { } name } => Parameter(
                Find(
                    type,
                    $"M:{NameOf(type)}.{method.Name}({string.Join(',', method.GetParameters().Select(one => one.ParameterType.FullName))})"
                ),
                name
            ),
            _ => null,
        };

    /// <summary>The comment of a type as one line without markup; null if it has none.</summary>
    /// <exception cref="FileNotFoundException">The documentation file of the assembly is missing.</exception>
    public static string? Of(Type type) => Text(Find(type, $"T:{NameOf(type)}")?.Element("summary"));

    static XElement? Find(Type type, string member) => s_files.GetOrAdd(type.Assembly, Read).GetValueOrDefault(member);

    static string? Parameter(XElement? member, string name) =>
        Text(member?.Elements("param").FirstOrDefault(parameter => parameter.Attribute("name")?.Value == name));

    static string? Text(XElement? element)
    {
        if (element is null)
            return null;
        var parts = element
            .DescendantNodes()
            .Select(node =>
                node switch
                {
                    XText text => text.Value,
                    XElement { IsEmpty: true } reference => LastName(
                        reference.Attribute("cref")?.Value ?? reference.Attribute("name")?.Value ?? ""
                    ),
                    _ => "",
                }
            );
        var line = Blanks().Replace(string.Concat(parts), " ").Trim();
        return line.Length > 0 ? line : null;
    }

    /// <summary>The last part of a reference. For a field it is the key of that field.</summary>
    static string LastName(string reference)
    {
        var name = reference[(reference.LastIndexOfAny(['.', ':']) + 1)..];
        return reference.StartsWith("F:", StringComparison.Ordinal) ? JsonNamingPolicy.CamelCase.ConvertName(name) : name;
    }

    static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    static Dictionary<string, XElement> Read(Assembly assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"The documentation file '{path}' is missing; a schema takes its descriptions from it. Build or install the program again.",
                path
            );
        return XDocument.Load(path).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
