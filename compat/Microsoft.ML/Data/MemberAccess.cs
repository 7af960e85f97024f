using System;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Compiled reading and writing of a member, made once for each member of a row class.</summary>
internal static class MemberAccess<TRow, TMember>
{
    private static readonly ConcurrentDictionary<MemberInfo, Func<TRow, TMember>> _readers = [];
    private static readonly ConcurrentDictionary<MemberInfo, Action<TRow, TMember>> _writers = [];

    public static Func<TRow, TMember> Reader(MemberInfo member) => _readers.GetOrAdd(member, static member =>
    {
        if (member is PropertyInfo { CanRead: false })
            return _ => default;
        var row = Expression.Parameter(typeof(TRow), "row");
        return Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(row, member), row).Compile();
    });

    public static Action<TRow, TMember> Writer(MemberInfo member) => _writers.GetOrAdd(member, static member =>
    {
        if (member is PropertyInfo { CanWrite: false } or FieldInfo { IsInitOnly: true })
            throw new InvalidOperationException($"'{member.DeclaringType}.{member.Name}' cannot be written, so it cannot receive a "
                + "column.");
        var row = Expression.Parameter(typeof(TRow), "row");
        var value = Expression.Parameter(typeof(TMember), "value");
        return Expression.Lambda<Action<TRow, TMember>>(Expression.Assign(Expression.MakeMemberAccess(row, member), value), row,
            value).Compile();
    });
}
