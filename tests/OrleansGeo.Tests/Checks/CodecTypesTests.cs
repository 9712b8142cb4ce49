using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using OrleansGeo.Runtime.States;

namespace OrleansGeo.Tests.Checks;

/// <summary>What can be seen of a class, and what cannot, of which members its codec writes.</summary>
public sealed class CodecTypesTests
{
    /// <summary>Such a class compiles in a project that numbers public properties: that is nowhere in the assembly.</summary>
    [Fact]
    public void Of_a_class_without_any_id_it_is_not_known_what_its_codec_writes() => Assert.Null(CodecTypes.LeftOutBy(WithoutIds(new())));

    [Fact]
    public void A_class_that_says_itself_that_its_properties_are_numbered_is_believed() =>
        Assert.Empty(CodecTypes.LeftOutBy(WithoutIds(new() { GenerateFieldIds = GenerateFieldIds.PublicProperties }))!);

    [Fact]
    public void A_class_with_an_id_writes_what_has_one() => Assert.Equal("Forgotten", Assert.Single(CodecTypes.LeftOutBy(typeof(GappedState))!).Name);

    /// <summary>A class with one public property, as the compiler makes it. In this project it would not compile.</summary>
    private static Type WithoutIds(GenerateSerializerAttribute attribute)
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new("numbered"), AssemblyBuilderAccess.Run).DefineDynamicModule("numbered").DefineType("Numbered", TypeAttributes.Public | TypeAttributes.Sealed);
        var field = type.DefineField("<Lines>k__BackingField", typeof(string), FieldAttributes.Private);
        field.SetCustomAttribute(Made<CompilerGeneratedAttribute>());
        var getter = type.DefineMethod("get_Lines", MethodAttributes.Public | MethodAttributes.SpecialName, typeof(string), []);
        var code = getter.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, field);
        code.Emit(OpCodes.Ret);
        type.DefineProperty("Lines", PropertyAttributes.None, typeof(string), null).SetGetMethod(getter);
        type.SetCustomAttribute(Made<GenerateSerializerAttribute>((nameof(attribute.GenerateFieldIds), attribute.GenerateFieldIds)));
        return type.CreateType();
    }

    private static CustomAttributeBuilder Made<T>(params (string Name, object Value)[] properties)
        where T : Attribute => new(
            typeof(T).GetConstructor([])!, [], [.. properties.Select(static property => typeof(T).GetProperty(property.Name)!)], [.. properties.Select(static property => property.Value)]);
}
