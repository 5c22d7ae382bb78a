import { InvalidJobDeclarationError } from '../errors/index.js';
import { declarationsOf } from './declaration.js';
import { Job } from './job.decorator.js';
import { Periodic } from './periodic.decorator.js';

const upperCase = (_: object, __: string, descriptor: PropertyDescriptor) => {
  const inner = descriptor.value as () => unknown;
  descriptor.value = () => inner();
};

describe('Declarations', () => {
  it('are kept in order, several on one method, also where another decorator wraps it', () => {
    class Mails {
      @Job('second')
      @upperCase
      @Job('first')
      @Periodic('* * * * *')
      send() {}
    }
    const names = declarationsOf(Mails.prototype).map((each) => (each.kind === 'job' ? each.name : each.expression));
    expect(names).toEqual(['* * * * *', 'first', 'second']);
  });

  it('stay on the class that declares them', () => {
    class Base {
      @Job('base_job')
      run() {}
    }
    class Sub extends Base {
      @Job('sub_job')
      other() {}
    }
    expect(declarationsOf(Base.prototype)).toHaveLength(1);
    expect(declarationsOf(Sub.prototype)).toHaveLength(1);
  });

  it('stand on methods named by a symbol', () => {
    const method = Symbol('hidden');
    class Mails {
      @Job('hidden')
      [method]() {}
    }
    expect(declarationsOf(Mails.prototype)[0]?.method).toBe(method);
  });

  it('are refused on a static method and on anything but a method, naming class and method', () => {
    const onStatic = () => {
      class Mails {
        @Job('send')
        static send() {}
      }
      return Mails;
    };
    const onProperty = () => {
      class Mails {
        @(Job('send') as PropertyDecorator)
        send = () => {};
      }
      return Mails;
    };
    expect(onStatic).toThrow(InvalidJobDeclarationError);
    expect(onStatic).toThrow(/@Job\("send"\) on Mails\.send: a static method/);
    expect(onProperty).toThrow(/on Mails\.send: only a method/);
  });
});
