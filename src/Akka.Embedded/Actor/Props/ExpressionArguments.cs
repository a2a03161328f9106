using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor;

/// <summary>
/// Evaluates the arguments of a <c>new T(…)</c> expression. Constants and captured variables, which are nearly all there
/// are, are read directly; only the rest is worth an interpreter, and none is worth a compiler.
/// </summary>
internal static class ExpressionArguments
{
    public static object?[] Evaluate(NewExpression call)
    {
        if (call.Arguments.Count == 0)
            return [];
        var arguments = new object?[call.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = Evaluate(call.Arguments[i]);
        return arguments;
    }

    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(Owner(member)),
        MemberExpression { Member: PropertyInfo property } member => property.GetValue(Owner(member)),
        UnaryExpression { NodeType: ExpressionType.Convert, Method: null } cast when !cast.Type.IsValueType
            && !cast.Operand.Type.IsValueType => Evaluate(cast.Operand),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };

    private static object? Owner(MemberExpression member) => member.Expression is null ? null : Evaluate(member.Expression);
}
