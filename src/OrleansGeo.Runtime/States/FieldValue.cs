using System.Collections;
using System.Reflection;
using Newtonsoft.Json.Serialization;

namespace OrleansGeo.Runtime.States;

/// <summary>Gets and sets one field. A dictionary that the constructor made is filled, not replaced: it knows how to compare its keys, which JSON does not.</summary>
internal sealed class FieldValue(FieldInfo field) : IValueProvider
{
    private readonly Action<object, object>? _refill = RefillOf(field.FieldType);

    public object? GetValue(object target) => field.GetValue(target);

    public void SetValue(object target, object? value)
    {
        if (_refill is not null && value is not null && field.GetValue(target) is { } made && made.GetType() == value.GetType())
        {
            _refill(made, value);
        }
        else
        {
            field.SetValue(target, value);
        }
    }

    private static Action<object, object>? RefillOf(Type type)
    {
        if (typeof(IDictionary).IsAssignableFrom(type))
        {
            return static (made, value) =>
            {
                var to = (IDictionary)made;
                to.Clear();
                foreach (DictionaryEntry entry in (IDictionary)value)
                {
                    to.Add(entry.Key, entry.Value);
                }
            };
        }

        return type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(HashSet<>) || type.GetGenericTypeDefinition() == typeof(SortedSet<>))
            ? typeof(FieldValue).GetMethod(nameof(RefillSet), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Action<object, object>>()
            : null;
    }

    private static void RefillSet<T>(object made, object value)
    {
        var to = (ISet<T>)made;
        to.Clear();
        to.UnionWith((ISet<T>)value);
    }
}
